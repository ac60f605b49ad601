package dev.millwright.data;

import dev.millwright.data.Expectation.Comparator;
import java.math.BigDecimal;
import java.util.OptionalDouble;

/** What a measure is held to. */
public sealed interface Bound {
    Base base();

    /** The bound as numbers, when the previous version's measure is this; that of an absolute bound doesn't count. */
    Limits limits(double previous);

    /** What the numbers of a bound are. */
    enum Base {
        ABSOLUTE,
        /** Percentages of what the same measure was in the previous version. */
        PREVIOUS;

        private double of(BigDecimal number, double previous) {
            return switch (this) {
                case ABSOLUTE -> number.doubleValue();
                // Exact, so that 7 of 100 rows are 7 %.
                case PREVIOUS ->
                    new BigDecimal(previous).multiply(number).movePointLeft(2).doubleValue();
            };
        }
    }

    /** {@code operator number}. */
    record Compared(Comparator comparator, BigDecimal number, Base base) implements Bound {
        @Override
        public Limits limits(double previous) {
            double limit = base.of(number, previous);
            return new Limits(comparator, limit, limit);
        }
    }

    /** {@code between low and high}, both included. */
    record Between(BigDecimal low, BigDecimal high, Base base) implements Bound {
        @Override
        public Limits limits(double previous) {
            double one = base.of(low, previous);
            double other = base.of(high, previous);
            return new Limits(Comparator.EQUAL, Math.min(one, other), Math.max(one, other));
        }
    }

    /**
     * Numbers.
     *
     * @param comparator with {@code low}, when that is {@code high}; between the two every value holds
     */
    record Limits(Comparator comparator, double low, double high) {
        boolean hold(double value) {
            return low == high ? comparator.holds(value, low) : low <= value && value <= high;
        }

        /** The least value that holds or, when it may not be reached, its end. */
        OptionalDouble least() {
            return switch (comparator) {
                case EQUAL, GREATER, GREATER_OR_EQUAL -> OptionalDouble.of(low);
                case LESS, LESS_OR_EQUAL, NOT_EQUAL -> OptionalDouble.empty();
            };
        }

        /** The largest value that holds or, when it may not be reached, its end. */
        OptionalDouble most() {
            return switch (comparator) {
                case EQUAL, LESS, LESS_OR_EQUAL -> OptionalDouble.of(high);
                case GREATER, GREATER_OR_EQUAL, NOT_EQUAL -> OptionalDouble.empty();
            };
        }
    }
}
