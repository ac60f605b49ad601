package dev.millwright.plan.window;

import dev.millwright.core.ColumnType;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What some of a key's events come to: how many they are, and for each of the shape's columns what its measures tell. Not
 * thread-safe.
 */
public final class WindowSummary {
    private final SummaryLayout layout;
    private final SummaryTable table;

    WindowSummary(SummaryLayout layout) {
        this.layout = layout;
        this.table = new SummaryTable(layout, 1);
        table.append();
    }

    /** That of no events. */
    public static WindowSummary empty(List<WindowColumn> columns) {
        return new WindowSummary(new SummaryLayout(columns));
    }

    /** Adds an event, after those that it has. */
    public void add(@Nullable Object[] values) {
        Tile tile = new Tile(layout);
        tile.insert(0, values);
        add(tile, 0, 1);
    }

    void add(Tile tile, int from, int to) {
        table.add(0, tile, from, to);
    }

    void merge(SummaryTable from, int row) {
        table.merge(0, from, row);
    }

    public long events() {
        return table.cell(0, SummaryLayout.EVENTS);
    }

    /** How many values of the column aren't NULL. */
    public long count(int column) {
        return table.cell(0, layout.cell(column, SummaryPart.COUNT));
    }

    /** The sum of a column of BIGINT, exact; 0 when it has no values. */
    public BigInteger wholeSum(int column) {
        int cell = layout.cell(column, SummaryPart.WHOLE_SUM);
        BigInteger low = new BigInteger(Long.toUnsignedString(table.cell(0, cell)));
        return BigInteger.valueOf(table.cell(0, cell + 1)).shiftLeft(Long.SIZE).add(low);
    }

    /** The sum of a column of DOUBLE; 0 when it has no values, not finite when it is too large on the way. */
    public double realSum(int column) {
        int cell = layout.cell(column, SummaryPart.REAL_SUM);
        return table.real(0, cell) + table.real(0, cell + 1);
    }

    /** The sum of the squared deviations from the mean of a column of DOUBLE; not finite when it is too large. */
    public double deviations(int column) {
        return table.real(0, layout.cell(column, SummaryPart.DEVIATIONS) + 2);
    }

    /** The smallest value, texts by code point; null when there is none. */
    public @Nullable Object least(int column) {
        return extreme(column, 0);
    }

    /** The largest value, texts by code point; null when there is none. */
    public @Nullable Object greatest(int column) {
        return extreme(column, 1);
    }

    /** The first value; null when there is none. */
    public @Nullable Object first(int column) {
        return edge(column, 0);
    }

    /** The last value; null when there is none. */
    public @Nullable Object last(int column) {
        return edge(column, 1);
    }

    private @Nullable Object extreme(int column, int which) {
        SummaryPart part =
                layout.type(column) == ColumnType.DOUBLE ? SummaryPart.REAL_EXTREMES : SummaryPart.WHOLE_EXTREMES;
        return value(column, part, which, which);
    }

    private @Nullable Object edge(int column, int which) {
        return value(column, SummaryPart.EDGES, 1 + which, 2 + which);
    }

    /** What a part holds at one of its cells, or of a column of text, at one of its texts. */
    private @Nullable Object value(int column, SummaryPart part, int cell, int text) {
        ColumnType type = layout.type(column);
        if (type == ColumnType.VARCHAR) {
            return table.text(0, layout.textSlot(column), text);
        }
        if (count(column) == 0) {
            return null;
        }
        int at = layout.cell(column, part) + cell;
        return switch (type) {
            case DOUBLE -> (Object) table.real(0, at);
            case BOOLEAN -> table.cell(0, at) != 0;
            case BIGINT, TIMESTAMP, VARCHAR -> (Object) table.cell(0, at);
        };
    }
}
