package dev.millwright.plan;

import dev.millwright.core.ColumnType;
import java.util.List;
import java.util.function.Consumer;

/**
 * Window functions that share partition and order. Their rows come sorted out of a query, go through {@link #open}, and come out in
 * the same order with the functions' results beside them: O(1) for each row and function, with as many rows in memory as the
 * longest frame holds. Immutable and thread-safe.
 */
public final class WindowStage {
    private final String sql;
    private final List<Column> columns;
    private final SlidingWindows.Layout layout;
    private final List<WindowFunction> functions;

    /**
     * A column of the query, or of what is made of it.
     *
     * @param type TIMESTAMP stands for BIGINT microseconds since 1970
     */
    public record Column(String name, ColumnType type) {}

    WindowStage(String sql, List<Column> columns, SlidingWindows.Layout layout, List<WindowFunction> functions) {
        this.sql = sql;
        this.columns = List.copyOf(columns);
        this.layout = layout;
        this.functions = List.copyOf(functions);
    }

    /** DuckDB SQL that gives the rows, sorted. Timestamps are BIGINT microseconds. */
    public String sql() {
        return sql;
    }

    /** The columns of {@link #sql}. */
    public List<Column> inputs() {
        return columns;
    }

    /** The columns that are added, in order. */
    public List<Column> results() {
        return functions.stream()
                .map(function -> new Column(
                        function.field().uniqueName(), function.field().type().column()))
                .toList();
    }

    /**
     * Begins a pass over the rows.
     *
     * @param finished takes each block when the results of all its rows are known: the given columns, then {@link #results}
     */
    public SlidingWindows open(Consumer<RowBlock> finished) {
        return new SlidingWindows(layout, functions, finished);
    }
}
