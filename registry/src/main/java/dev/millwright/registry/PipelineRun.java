package dev.millwright.registry;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A run of a pipeline file, with all that is needed to go on with it; shares its id with its {@link Run}, which holds name,
 * status, times and the reason of its end.
 *
 * @param fileText the file as it was when the run started
 * @param settings what {@code ${NAME}} in the file stands for
 */
public record PipelineRun(Run run, String fileText, Map<String, String> settings) {
    public PipelineRun {
        settings = Collections.unmodifiableMap(new TreeMap<>(settings));
        if (run.pipeline().isEmpty()) {
            throw new IllegalArgumentException("run: " + run.id() + " (expected: one of a pipeline)");
        }
    }

    public String id() {
        return run.id();
    }

    public String pipeline() {
        return run.pipeline().orElseThrow();
    }
}
