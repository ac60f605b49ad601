package dev.millwright.plan;

import java.util.List;

/**
 * Where an output column, or the label, comes from.
 *
 * @param output the column's name; {@code _label} for the label
 * @param origins distinct and sorted
 */
public record ColumnLineage(String output, List<Origin> origins) {
    public ColumnLineage {
        origins = List.copyOf(origins);
    }
}
