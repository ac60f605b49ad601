package dev.millwright.data;

import dev.millwright.core.Schema;
import dev.millwright.plan.OnlineState;
import dev.millwright.plan.StagedQuery;

/**
 * Rows that are shown to a view one at a time, and what the view makes of them all at once.
 *
 * @param state the view for single events, nothing observed yet
 * @param events the columns that it takes
 * @param batch the same view as training sets are made with
 * @param outputs the columns that both give
 * @param table the view's own table, as DuckDB SQL
 * @param fromMicros compared are rows from this time on
 * @param toMicros and before this one; rows without a time belong to no stretch but the one of all times
 */
public record ReplayRequest(
        OnlineState state,
        Schema events,
        StagedQuery batch,
        Schema outputs,
        String table,
        long fromMicros,
        long toMicros) {}
