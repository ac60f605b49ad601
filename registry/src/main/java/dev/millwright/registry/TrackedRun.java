package dev.millwright.registry;

import java.time.Instant;
import java.util.Map;

/**
 * A run that a client starts and logs to.
 *
 * @param user who started it; may be empty
 */
public record TrackedRun(String experimentId, String name, String user, Instant started, Map<String, String> tags) {
    /** The tag that names the parent of a nested run. */
    public static final String PARENT_TAG = "mlflow.parentRunId";

    /** The tag that repeats the run's name. */
    public static final String NAME_TAG = "mlflow.runName";

    public TrackedRun {
        Names.require("experiment id", experimentId);
        Names.require("run name", name);
        tags = Map.copyOf(tags);
        tags.keySet().forEach(key -> Names.key("tag", key));
    }
}
