package dev.millwright.registry;

import java.util.LinkedHashMap;
import java.util.Map;
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

    /** What a row of {@code runs} must be: conditions that begin with a column, with their arguments if they take one. */
    Map<String, Optional<?>> conditions() {
        Map<String, Optional<?>> conditions = new LinkedHashMap<>();
        put(conditions, "experiment_id = ?", experimentId.map(Experiments::key));
        put(conditions, "pipeline = ?", pipeline);
        put(conditions, "status = ?", status);
        put(conditions, "kind = ?", kind);
        put(conditions, "parent_id = ?", parentId);
        if (depth == Depth.OUTERMOST) {
            conditions.put("parent_id IS NULL", Optional.empty());
        }
        return conditions;
    }

    private static void put(Map<String, Optional<?>> conditions, String condition, Optional<?> argument) {
        if (argument.isPresent()) {
            conditions.put(condition, argument);
        }
    }

    /** Leaves out runs that are part of others. */
    public RunFilter outermost() {
        return new RunFilter(experimentId, pipeline, status, kind, parentId, Depth.OUTERMOST);
    }
}
