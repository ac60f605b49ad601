package dev.millwright.registry;

import java.util.Map;
import java.util.Optional;

/** A run to start. */
public record NewRun(
        String experimentId,
        String name,
        RunKind kind,
        Optional<String> pipeline,
        Optional<String> parentId,
        Map<String, String> tags) {
    public NewRun {
        Names.require("experiment id", experimentId);
        Names.require("run name", name);
        pipeline.ifPresent(it -> Names.require("pipeline", it));
        tags = Map.copyOf(tags);
        tags.keySet().forEach(key -> Names.require("tag", key));
    }

    public static NewRun of(String experimentId, String name, RunKind kind) {
        return new NewRun(experimentId, name, kind, Optional.empty(), Optional.empty(), Map.of());
    }

    public NewRun ofPipeline(String name) {
        return new NewRun(experimentId, this.name, kind, Optional.of(name), parentId, tags);
    }

    public NewRun under(String parentRunId) {
        return new NewRun(experimentId, name, kind, pipeline, Optional.of(parentRunId), tags);
    }

    public NewRun tagged(Map<String, String> runTags) {
        return new NewRun(experimentId, name, kind, pipeline, parentId, runTags);
    }
}
