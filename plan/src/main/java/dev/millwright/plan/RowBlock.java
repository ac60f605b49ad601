package dev.millwright.plan;

import org.jspecify.annotations.Nullable;

/** Some rows, column by column. Owned by one thread at a time. */
public final class RowBlock {
    /** The values of one column; at a position where {@code missing} is true there is any value. */
    public sealed interface Values {
        /** Whether each row has no value. */
        boolean[] missing();
    }

    /** BIGINT, TIMESTAMP in microseconds, or BOOLEAN as 0 and 1. */
    public record Longs(long[] values, boolean[] missing) implements Values {}

    public record Doubles(double[] values, boolean[] missing) implements Values {}

    public record Texts(@Nullable String[] values, boolean[] missing) implements Values {}

    private final int rows;
    private final Values[] columns;

    /** @param columns each with room for at least {@code rows} values; not copied */
    public RowBlock(int rows, Values[] columns) {
        this.rows = rows;
        this.columns = columns;
    }

    public int rows() {
        return rows;
    }

    public Values column(int position) {
        return columns[position];
    }

    int width() {
        return columns.length;
    }

    /** Room for a column of a type. */
    static Values empty(ValueType type, int rows) {
        boolean[] missing = new boolean[rows];
        return switch (type) {
            case BOOLEAN, BIGINT, TIMESTAMP -> new Longs(new long[rows], missing);
            case DOUBLE -> new Doubles(new double[rows], missing);
            case VARCHAR, NULL -> new Texts(new @Nullable String[rows], missing);
            case INTERVAL, MONTHS, BROKEN ->
                throw new IllegalArgumentException("type: " + type + " (expected: a column's)");
        };
    }

    /** Room for a column of the same type. */
    static Values like(Values other, int rows) {
        return switch (other) {
            case Longs _ -> empty(ValueType.BIGINT, rows);
            case Doubles _ -> empty(ValueType.DOUBLE, rows);
            case Texts _ -> empty(ValueType.VARCHAR, rows);
        };
    }
}
