package dev.millwright.registry;

import java.util.Optional;

/** Which runs to list; empty fields match all. */
public record RunFilter(
        Optional<String> experimentId,
        Optional<String> pipeline,
        Optional<RunStatus> status,
        Optional<RunKind> kind,
        Optional<String> parentId) {

    public static final RunFilter ALL =
            new RunFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public RunFilter experiment(String id) {
        return new RunFilter(Optional.of(id), pipeline, status, kind, parentId);
    }

    public RunFilter pipeline(String name) {
        return new RunFilter(experimentId, Optional.of(name), status, kind, parentId);
    }

    public RunFilter status(RunStatus wanted) {
        return new RunFilter(experimentId, pipeline, Optional.of(wanted), kind, parentId);
    }

    public RunFilter kind(RunKind wanted) {
        return new RunFilter(experimentId, pipeline, status, Optional.of(wanted), parentId);
    }

    public RunFilter parent(String runId) {
        return new RunFilter(experimentId, pipeline, status, kind, Optional.of(runId));
    }
}
