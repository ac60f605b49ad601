package dev.millwright.registry;

import java.util.Optional;

/**
 * Which runs to list; empty fields match all.
 *
 * @param depth whether runs within others count
 */
public record RunFilter(
        Optional<String> experimentId,
        Optional<String> pipeline,
        Optional<RunStatus> status,
        Optional<RunKind> kind,
        Optional<String> parentId,
        Depth depth) {

    /** How far to look. */
    public enum Depth {
        OUTERMOST,
        ALL
    }

    public static final RunFilter ALL = new RunFilter(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Depth.ALL);

    public RunFilter experiment(String id) {
        return new RunFilter(Optional.of(id), pipeline, status, kind, parentId, depth);
    }

    public RunFilter pipeline(String name) {
        return new RunFilter(experimentId, Optional.of(name), status, kind, parentId, depth);
    }

    public RunFilter status(RunStatus wanted) {
        return new RunFilter(experimentId, pipeline, Optional.of(wanted), kind, parentId, depth);
    }

    public RunFilter kind(RunKind wanted) {
        return new RunFilter(experimentId, pipeline, status, Optional.of(wanted), parentId, depth);
    }

    public RunFilter parent(String runId) {
        return new RunFilter(experimentId, pipeline, status, kind, Optional.of(runId), depth);
    }

    /** Leaves out runs that are part of others. */
    public RunFilter outermost() {
        return new RunFilter(experimentId, pipeline, status, kind, parentId, Depth.OUTERMOST);
    }
}
