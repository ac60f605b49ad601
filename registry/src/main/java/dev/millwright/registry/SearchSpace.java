package dev.millwright.registry;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What of one kind of thing can be searched and ordered by.
 *
 * @param from the table and its alias
 * @param id the columns that identify a row, with the alias
 * @param entities each synonym, in lower case, with what it stands for
 * @param attributes by each name that clients use
 * @param keyed where the entities other than attributes lie
 * @param flags keys of tags that count as 'false' where they are missing
 * @param ties orders that come last, so that pages don't overlap
 * @param otherwise the orders when none is asked for, before the ties
 */
record SearchSpace(
        String what,
        String from,
        String id,
        String deleted,
        Map<String, Entity> entities,
        Map<String, Attribute> attributes,
        Map<Entity, Keyed> keyed,
        Set<String> flags,
        List<String> otherwise,
        List<String> ties) {

    /** What a key belongs to. */
    enum Entity {
        ATTRIBUTE,
        METRIC,
        PARAM,
        TAG,
        DATASET
    }

    /** Which values an attribute has. */
    enum ValueType {
        TEXT,
        NUMBER
    }

    /** A column, or an expression of columns. */
    record Attribute(String sql, ValueType type) {
        static Attribute text(String sql) {
            return new Attribute(sql, ValueType.TEXT);
        }

        static Attribute number(String sql) {
            return new Attribute(sql, ValueType.NUMBER);
        }

        /** Times are kept in microseconds and asked for in milliseconds. */
        static Attribute millis(String column) {
            return number("(" + column + " / 1000)");
        }
    }

    /**
     * A table of keys and values.
     *
     * @param on the condition that joins it, with {@code %s} for its alias
     */
    record Keyed(String table, String on) {}
}
