package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
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

    /** What a name that was written stands for. */
    Entity entity(String written, String key) {
        if (written.isEmpty()) {
            return Entity.ATTRIBUTE;
        }
        Entity entity = entities.get(written);
        if (entity == null) {
            throw new InvalidInputException("filter: " + written + "." + key + ": '" + written + "' (expected: one of "
                    + String.join(", ", entities.keySet()) + ", for " + what + ")."
                    + Words.suggestion(written, entities.keySet()));
        }
        return entity;
    }

    Attribute attribute(String key) {
        Attribute attribute = attributes.get(key);
        if (attribute == null) {
            throw new InvalidInputException("filter: " + key + " (expected: an attribute of " + what + ": "
                    + String.join(", ", attributes.keySet()) + ")." + Words.suggestion(key, attributes.keySet()));
        }
        return attribute;
    }

    Keyed keyed(Entity entity) {
        Keyed found = keyed.get(entity);
        if (found == null) {
            throw new IllegalStateException(what + ": no table of " + entity);
        }
        return found;
    }

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

    /**
     * A column, or an expression of columns.
     *
     * @param isTime whether it is a column of microseconds that is asked for in milliseconds
     */
    record Attribute(String sql, ValueType type, boolean isTime) {
        static Attribute text(String sql) {
            return new Attribute(sql, ValueType.TEXT, false);
        }

        static Attribute number(String sql) {
            return new Attribute(sql, ValueType.NUMBER, false);
        }

        static Attribute millis(String column) {
            return new Attribute(column, ValueType.NUMBER, true);
        }
    }

    /**
     * A table of keys and values.
     *
     * @param on the condition that joins it, with {@code %s} for its alias
     * @param arguments of both, in their order
     * @param values how many values a key has
     */
    record Keyed(String table, String on, List<String> arguments, Values values) {
        /** Where a key has one value. */
        Keyed(String table, String on) {
            this(table, on, List.of(), Values.ONE);
        }
    }

    /** How many values a key of one thing has. */
    enum Values {
        ONE,
        /** Several, and a filter is content with any of them. */
        MANY
    }
}
