package dev.millwright.data;

import dev.millwright.core.ColumnType;
import java.util.List;
import java.util.Optional;

/**
 * What the values of a column look like.
 *
 * @param distinct different values, exact up to a million rows, else within a few per cent
 * @param missing rows without a value
 * @param minimum as text, timestamps in ISO 8601 and UTC; empty when there is no value
 * @param maximum likewise
 * @param frequent some of the most frequent values, as text, the most frequent first
 */
public record ColumnProfile(
        String name,
        ColumnType type,
        long rows,
        long missing,
        long distinct,
        Optional<String> minimum,
        Optional<String> maximum,
        List<String> frequent) {
    public ColumnProfile {
        frequent = List.copyOf(frequent);
    }
}
