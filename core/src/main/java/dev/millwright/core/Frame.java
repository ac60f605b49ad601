package dev.millwright.core;

import java.util.List;

/** A batch of feature rows by column: what is trained on, what is served, what is replayed. */
public record Frame(int rows, List<FeatureColumn> columns) {
    public Frame {
        columns = List.copyOf(columns);
        for (FeatureColumn column : columns) {
            if (column.rows() != rows) {
                throw new IllegalArgumentException(
                        column.name() + ": " + column.rows() + " values (expected: " + rows + ")");
            }
        }
    }

    /** The column named exactly so. */
    public FeatureColumn column(String name) {
        for (FeatureColumn column : columns) {
            if (column.name().equals(name)) {
                return column;
            }
        }
        throw new IllegalArgumentException("column: " + name + " (expected: one of "
                + columns.stream().map(FeatureColumn::name).toList() + ")");
    }

    /** The rows with these indices, in that order. */
    public Frame select(int[] indices) {
        return new Frame(
                indices.length,
                columns.stream().map(column -> column.select(indices)).toList());
    }

    /** Rows {@code from} (inclusive) to {@code to} (exclusive). */
    public Frame slice(int from, int to) {
        int[] indices = new int[to - from];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = from + i;
        }
        return select(indices);
    }
}
