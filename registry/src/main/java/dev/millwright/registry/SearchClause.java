package dev.millwright.registry;

import java.util.List;

/**
 * One condition of a filter.
 *
 * @param entity as it was written, lower case; empty where a key stands alone
 * @param values String or Double: none for IS NULL, several for IN
 * @param column where it begins in the filter, from 1
 */
record SearchClause(String entity, String key, Comparator comparator, List<Object> values, int column) {
    SearchClause {
        values = List.copyOf(values);
    }

    /** How a key and a value are compared. */
    enum Comparator {
        EQUAL("="),
        NOT_EQUAL("!="),
        LESS("<"),
        AT_MOST("<="),
        GREATER(">"),
        AT_LEAST(">="),
        LIKE("LIKE"),
        ILIKE("ILIKE"),
        IN("IN"),
        NOT_IN("NOT IN"),
        IS_NULL("IS NULL"),
        IS_NOT_NULL("IS NOT NULL");

        final String symbol;

        Comparator(String symbol) {
            this.symbol = symbol;
        }
    }

    /** The value, where there is one text. */
    String text() {
        return values.getFirst().toString();
    }

    String name() {
        return entity.isEmpty() ? key : entity + "." + key;
    }
}
