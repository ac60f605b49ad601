package dev.millwright.data;

import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import java.util.List;

/**
 * A check on data, with the text that a person wrote. A missing value passes every row check but {@code is not null}.
 *
 * <pre>
 * month between 1 and 12          status in ('open', 'closed')     rows &gt;= 1000
 * amount &gt;= 0                     zip matches '[0-9]{5}'           missing(arr_delay) &lt;= 5%
 * id is not null                  day not between 6 and 7          unique(origin, time_hour)
 * </pre>
 */
public sealed interface Expectation {
    String text();

    /**
     * Reads one expectation and checks its columns and types.
     *
     * @param at where the text stands, for the message
     * @throws dev.millwright.core.InvalidInputException naming the place, with the nearest valid word
     */
    static Expectation parse(String text, Problem.Position at, Schema schema) {
        return new ExpectationParser(text, at, schema).parse();
    }

    /** Holds or not for each row. */
    sealed interface OfRow extends Expectation {
        String column();
    }

    /** Holds or not for all rows together. */
    sealed interface OfTable extends Expectation {}

    /** {@code column operator value}. */
    record Compared(String text, String column, Comparator comparator, Value value) implements OfRow {}

    /** {@code column between low and high}, both included; or not. */
    record Between(String text, String column, Value low, Value high, Polarity polarity) implements OfRow {}

    /** {@code column in (…)}; or not. */
    record OneOf(String text, String column, List<Value> values, Polarity polarity) implements OfRow {
        public OneOf {
            values = List.copyOf(values);
        }
    }

    /** {@code column is not null}. */
    record Present(String text, String column) implements OfRow {}

    /** {@code column matches 'pattern'}: the whole value, in RE2's grammar. */
    record Matches(String text, String column, String pattern) implements OfRow {}

    /** {@code unique(column, …)}: no two rows agree in all of them. Rows that miss one of them don't count. */
    record Unique(String text, List<String> columns) implements OfTable {
        public Unique {
            columns = List.copyOf(columns);
        }
    }

    /** {@code missing(column) operator share}; the share from 0 to 1, of all rows. */
    record Missing(String text, String column, Comparator comparator, double share) implements OfTable {}

    /** {@code rows operator count}. */
    record Rows(String text, Comparator comparator, long count) implements OfTable {}

    /** {@code rows between low and high}, both included. */
    record RowsBetween(String text, long low, long high) implements OfTable {}

    /** Whether a check was written with {@code not}. */
    enum Polarity {
        POSITIVE,
        NEGATED
    }

    /** How two values are compared. */
    enum Comparator {
        EQUAL("="),
        NOT_EQUAL("<>"),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">=");

        private final String sql;

        Comparator(String sql) {
            this.sql = sql;
        }

        String sql() {
            return sql;
        }

        boolean holds(long left, long right) {
            return holds((double) Long.compare(left, right), 0.0);
        }

        boolean holds(double left, double right) {
            return switch (this) {
                case EQUAL -> left == right;
                case NOT_EQUAL -> left != right;
                case LESS -> left < right;
                case LESS_OR_EQUAL -> left <= right;
                case GREATER -> left > right;
                case GREATER_OR_EQUAL -> left >= right;
            };
        }
    }

    /** A constant. */
    sealed interface Value {
        record Numeral(String digits) implements Value {}

        record Text(String text) implements Value {}

        record Truth(boolean value) implements Value {}

        /** An ISO date or timestamp; without an offset it is taken in the source's zone. */
        record Time(String iso) implements Value {}
    }
}
