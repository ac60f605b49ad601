package dev.millwright.registry;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A named collection of runs.
 *
 * @param id a decimal number, as MLflow's
 * @param artifactLocation the URI under which its runs keep their artifacts
 * @param updated when it was last renamed, tagged, deleted or restored
 */
public record Experiment(
        String id,
        String name,
        String artifactLocation,
        Lifecycle lifecycle,
        Instant created,
        Instant updated,
        Map<String, String> tags) {
    public Experiment {
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    }
}
