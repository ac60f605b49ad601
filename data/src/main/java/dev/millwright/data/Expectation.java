package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.Problem;
import dev.millwright.plan.RowExpression;
import java.time.Duration;
import java.util.List;

/**
 * A check on data, with the text that a person wrote. Rows are checked one by one, or a measure of all rows together is held to
 * a bound. A check of rows breaks where it is false: where something is missing, so that it is neither true nor false, it holds.
 *
 * <pre>
 * month between 1 and 12          end_time &gt;= start_time           rows &gt;= 80% of previous
 * zip matches '[0-9]{5}'          missing(arr_delay) &lt;= 5%         avg(amount) between 10 and 50
 * id is not null                  unique(origin, time_hour)        freshness(updated_at) &lt;= 2d
 * shop in shops.id                share(shop in shops.id) &gt;= 99%   drift(amount) &lt;= 0.2
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
    static Expectation parse(String text, Problem.Position at, ExpectationScope scope) {
        return new ExpectationParser(text, at, scope).parse();
    }

    /** Holds or not for each row. */
    sealed interface OfRow extends Expectation {
        /** Those that it looks at. */
        List<String> columns();
    }

    /** Compares one column with constants. */
    sealed interface OfColumn extends OfRow {
        String column();

        @Override
        default List<String> columns() {
            return List.of(column());
        }
    }

    /** {@code column operator value}. */
    record Compared(String text, String column, Comparator comparator, Value value) implements OfColumn {}

    /** {@code column between low and high}, both included; or not. */
    record Between(String text, String column, Value low, Value high, Polarity polarity) implements OfColumn {}

    /** {@code column in (…)}; or not. */
    record OneOf(String text, String column, List<Value> values, Polarity polarity) implements OfColumn {
        public OneOf {
            values = List.copyOf(values);
        }
    }

    /** {@code column is not null}. */
    record Present(String text, String column) implements OfColumn {}

    /** {@code column matches 'pattern'}: the whole value, in RE2's grammar. */
    record Matches(String text, String column, String pattern) implements OfColumn {}

    /** Any condition of feature SQL. */
    record Condition(String text, RowExpression condition) implements OfRow {
        @Override
        public List<String> columns() {
            return condition.columns().stream().map(Column::name).toList();
        }
    }

    /** Has a partner in another table, or has none. */
    record Partner(String text, Reference reference) implements OfRow {
        @Override
        public List<String> columns() {
            return reference.columns().stream().map(Column::name).toList();
        }
    }

    /** A measure of all rows together, and what it is held to. */
    record OfTable(String text, Measure measure, Bound bound) implements Expectation {}

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

        /** When the source is read, or so long after it: clocks differ. */
        record Now(Duration later) implements Value {
            /** As it is written: {@code now + 5m}. */
            String text() {
                return later.isZero() ? "now" : "now + " + ColumnContract.length(later);
            }
        }
    }
}
