package dev.millwright.pipelines;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A pipeline file to run.
 *
 * @param file its name, as messages show it
 * @param folder where relative paths in it start, absolute
 * @param settings what {@code ${NAME}} stands for
 */
public record RunRequest(String file, Path folder, String text, Map<String, String> settings) {
    private static final String FILE = "millwright.file";
    private static final String FOLDER = "millwright.folder";

    public RunRequest {
        settings = Map.copyOf(settings);
        if (!folder.isAbsolute()) {
            throw new IllegalArgumentException("folder: " + folder + " (expected: an absolute path)");
        }
    }

    /** All that is needed to make the same request again, for the record of the run. */
    Map<String, String> stored() {
        Map<String, String> stored = new TreeMap<>(settings);
        stored.put(FILE, file);
        stored.put(FOLDER, folder.toString());
        return stored;
    }

    static RunRequest restored(String text, Map<String, String> stored) {
        Map<String, String> settings = new TreeMap<>(stored);
        String file = settings.remove(FILE);
        String folder = settings.remove(FOLDER);
        if (file == null || folder == null) {
            throw new IllegalStateException("a run was stored without its file's name and folder");
        }
        return new RunRequest(file, Path.of(folder), text, settings);
    }
}
