package dev.millwright.web.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The addresses of pages, with names made safe. */
public final class Paths {
    private Paths() {}

    public static String run(String id) {
        return "/runs/" + part(id);
    }

    public static String dataset(String name) {
        return "/datasets/" + part(name);
    }

    public static String datasetVersion(String name, int version) {
        return dataset(name) + "?version=" + version;
    }

    public static String model(String name) {
        return "/models/" + part(name);
    }

    public static String modelVersion(String model, int version) {
        return model(model) + "/versions/" + version;
    }

    public static String endpoint(String name) {
        return "/endpoints/" + part(name);
    }

    public static String monitor(String endpoint) {
        return endpoint(endpoint) + "/monitor";
    }

    public static String timeline(String endpoint) {
        return "/timeline?endpoint=" + part(endpoint);
    }

    /** A relative path as part of an address. */
    public static String parts(String path) {
        return Arrays.stream(path.split("/", -1)).map(Paths::part).collect(Collectors.joining("/"));
    }

    /** A name as part of an address. */
    public static String part(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
