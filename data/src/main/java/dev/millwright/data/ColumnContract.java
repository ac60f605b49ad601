package dev.millwright.data;

import dev.millwright.core.ColumnType;
import java.util.Optional;

/**
 * What is promised of one column.
 *
 * @param type inferred from the values when empty
 */
public record ColumnContract(String name, Optional<ColumnType> type) {
    /** A column of which only the type is promised. */
    public static ColumnContract of(String name, ColumnType type) {
        return new ColumnContract(name, Optional.of(type));
    }
}
