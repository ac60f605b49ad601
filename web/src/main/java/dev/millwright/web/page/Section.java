package dev.millwright.web.page;

import java.util.Arrays;
import java.util.List;

/** The entries of the navigation. */
public enum Section {
    OVERVIEW("Overview", "/"),
    DATASETS("Datasets", "/datasets"),
    RUNS("Runs", "/runs"),
    MODELS("Models", "/models"),
    ENDPOINTS("Endpoints", "/endpoints"),
    TIMELINE("Timeline", "/timeline"),
    EVENTS("Record", "/events"),
    /** Of pages outside the navigation. */
    NONE("", "");

    private final String label;
    private final String path;

    Section(String label, String path) {
        this.label = label;
        this.path = path;
    }

    public String label() {
        return label;
    }

    public String path() {
        return path;
    }

    /** Those that the navigation shows, in order. */
    public static List<Section> shown() {
        return Arrays.stream(values()).filter(section -> section != NONE).toList();
    }
}
