package dev.millwright.plan;

import java.util.List;

/**
 * A view as DuckDB SQL in which windows are tables that somebody else fills.
 *
 * @param sql reads the table {@link #stage} of each stage, once
 * @param stages a stage's own SQL may read the tables of those before it
 */
public record StagedQuery(String sql, List<WindowStage> stages) {
    public StagedQuery {
        stages = List.copyOf(stages);
    }

    /** A query without windows. */
    public static StagedQuery of(String sql) {
        return new StagedQuery(sql, List.of());
    }

    /** The name of a stage's table. */
    public static String stage(int position) {
        return "windowed_" + position;
    }
}
