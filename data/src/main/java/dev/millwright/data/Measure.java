package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.plan.RowExpression;
import java.util.List;

/** A number that says something about all rows of a table together. */
public sealed interface Measure {
    /** What was written. */
    String text();

    Unit unit();

    /** The columns that it looks at. */
    List<Column> columns();

    /** Is taken of the rows alone, by one pass over them. */
    sealed interface Aggregation extends Measure {
        /** What it is computed from. */
        List<RowExpression> arguments();

        @Override
        default List<Column> columns() {
            return arguments().stream()
                    .flatMap(argument -> argument.columns().stream())
                    .distinct()
                    .toList();
        }
    }

    /** What the numbers of a measure count. */
    enum Unit {
        ROWS,
        /** From 0 to 1, of all rows. */
        SHARE,
        NUMBER,
        SECONDS
    }

    /** {@code rows}. */
    record Rows(String text) implements Aggregation {
        @Override
        public Unit unit() {
            return Unit.ROWS;
        }

        @Override
        public List<RowExpression> arguments() {
            return List.of();
        }
    }

    /** {@code avg(expression)} and its like, over the rows where the expression has a value. */
    record Aggregate(String text, Function function, RowExpression argument) implements Aggregation {
        @Override
        public Unit unit() {
            return Unit.NUMBER;
        }

        @Override
        public List<RowExpression> arguments() {
            return List.of(argument);
        }
    }

    /** Those of feature SQL, under the same names. */
    enum Function {
        AVG,
        SUM,
        MIN,
        MAX,
        STDDEV_SAMP
    }

    /**
     * {@code quantile(expression, probability)}, of {@code median} the probability is a half; between two values it is interpolated.
     *
     * @param probability from 0 to 1
     */
    record Quantile(String text, RowExpression argument, double probability) implements Aggregation {
        @Override
        public Unit unit() {
            return Unit.NUMBER;
        }

        @Override
        public List<RowExpression> arguments() {
            return List.of(argument);
        }
    }

    /** {@code count(expression)}: rows where it has a value. */
    record Count(String text, RowExpression argument) implements Aggregation {
        @Override
        public Unit unit() {
            return Unit.ROWS;
        }

        @Override
        public List<RowExpression> arguments() {
            return List.of(argument);
        }
    }

    /** {@code distinct(expression, …)}: different values, or combinations; rows that miss one don't count. */
    record Distinct(String text, List<RowExpression> of) implements Aggregation {
        public Distinct {
            of = List.copyOf(of);
        }

        @Override
        public Unit unit() {
            return Unit.NUMBER;
        }

        @Override
        public List<RowExpression> arguments() {
            return of;
        }
    }

    /** {@code unique(expression, …)}: rows that repeat another; rows that miss one of the values don't count. */
    record Repeated(String text, List<RowExpression> of) implements Aggregation {
        public Repeated {
            of = List.copyOf(of);
        }

        @Override
        public Unit unit() {
            return Unit.ROWS;
        }

        @Override
        public List<RowExpression> arguments() {
            return of;
        }
    }

    /** {@code missing(expression)}: rows where it has no value. */
    record Missing(String text, RowExpression argument) implements Aggregation {
        @Override
        public Unit unit() {
            return Unit.SHARE;
        }

        @Override
        public List<RowExpression> arguments() {
            return List.of(argument);
        }
    }

    /** {@code share(condition)}: rows where it is true. */
    record Share(String text, RowExpression condition) implements Aggregation {
        @Override
        public Unit unit() {
            return Unit.SHARE;
        }

        @Override
        public List<RowExpression> arguments() {
            return List.of(condition);
        }
    }

    /** {@code share(column in table.column)}: rows of which that is true. */
    record Partnered(String text, Reference reference) implements Aggregation {
        @Override
        public Unit unit() {
            return Unit.SHARE;
        }

        @Override
        public List<RowExpression> arguments() {
            return List.of();
        }

        @Override
        public List<Column> columns() {
            return reference.columns();
        }
    }

    /** {@code freshness(time)}: how old the newest row is; times that are yet to come don't count. */
    record Freshness(String text, RowExpression time) implements Aggregation {
        @Override
        public Unit unit() {
            return Unit.SECONDS;
        }

        @Override
        public List<RowExpression> arguments() {
            return List.of(time);
        }
    }

    /**
     * {@code drift(column)}: how far its values are from those of the previous version. Of numbers the population stability index
     * over the deciles of that version, of words and of true and false the Jensen–Shannon distance over the most frequent ones.
     */
    record Drift(String text, Column column) implements Measure {
        @Override
        public Unit unit() {
            return Unit.NUMBER;
        }

        @Override
        public List<Column> columns() {
            return List.of(column);
        }
    }
}
