package dev.millwright.data.profile;

import dev.millwright.core.ColumnType;
import java.util.List;
import java.util.Optional;

/**
 * What the values of one column look like, over all rows.
 *
 * @param distinct different values
 * @param once values that stand in one row only
 * @param minimum as text, timestamps in ISO 8601 and UTC; empty when there is no value
 * @param maximum likewise
 * @param frequent the most frequent values as text, the most frequent first
 * @param numbers of a numeric column with a value
 * @param histogram of a numeric column with a value
 * @param traits what a person should know of the column
 */
public record ColumnSummary(
        String name,
        ColumnType type,
        long rows,
        long missing,
        long distinct,
        long once,
        Optional<String> minimum,
        Optional<String> maximum,
        List<ValueCount> frequent,
        Optional<NumberSummary> numbers,
        Optional<Histogram> histogram,
        List<Trait> traits) {
    public ColumnSummary {
        frequent = List.copyOf(frequent);
        traits = List.copyOf(traits);
    }

    /** What a column is beside its type. */
    public enum Trait {
        /** No row has a value. */
        EMPTY,
        /** Every row has the same value. */
        CONSTANT,
        /** 99 % of the rows have the same value, or none. */
        NEARLY_CONSTANT,
        /** A text or whole number, different in each row: it names the row. */
        ID,
        /** As an id, but for a few rows. */
        NEARLY_AN_ID,
        /** A text with more than a hundred values that is no id. */
        HIGH_CARDINALITY
    }

    /** A value as text, and how many rows have it. */
    public record ValueCount(String value, long rows) {}

    /** Rows with a value. */
    public long present() {
        return rows - missing;
    }

    public boolean is(Trait trait) {
        return traits.contains(trait);
    }
}
