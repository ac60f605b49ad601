package dev.millwright.plan;

import dev.millwright.plan.window.Measure;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Summarises values one by one, as {@link AggregateFunction} says. Not thread-safe. */
interface Accumulator {
    /** Takes a value; null is left out, save by COUNT(*), which is given some value for each row. */
    void add(@Nullable Object value);

    @Nullable
    Object result();

    static Accumulator of(AggregateCall call) {
        return switch (call.function()) {
            case COUNT -> new Count();
            case COUNT_DISTINCT -> new Distinct();
            case SUM -> call.field().type() == ValueType.BIGINT ? new WholeSum() : new Sum(false);
            case AVG -> new Sum(true);
            case MIN -> new Extreme(-1);
            case MAX -> new Extreme(1);
            case VAR_SAMP, VAR_POP, STDDEV_SAMP, STDDEV_POP -> new Spread(call.function());
            case FIRST_VALUE, LAST_VALUE ->
                throw new IllegalArgumentException(call.function() + ": over a group (expected: over a window)");
        };
    }

    /** A sum of BIGINT; NULL when it doesn't fit one. */
    static @Nullable Object whole(BigInteger total) {
        return total.bitLength() > 63 ? null : (Object) total.longValueExact();
    }

    /** Rows that aren't NULL. */
    final class Count implements Accumulator {
        private long count;

        @Override
        public void add(@Nullable Object value) {
            if (value != null) {
                count++;
            }
        }

        @Override
        public Object result() {
            return count;
        }
    }

    /** Of BIGINT: exact, even where the running sum is larger than the result. */
    final class WholeSum implements Accumulator {
        private long sum;
        private BigInteger carried = BigInteger.ZERO;
        private boolean empty = true;

        @Override
        public void add(@Nullable Object value) {
            if (value instanceof Long number) {
                empty = false;
                long next = sum + number;
                if (((sum ^ next) & (number ^ next)) < 0) {
                    carried = carried.add(BigInteger.valueOf(sum));
                    next = number;
                }
                sum = next;
            }
        }

        @Override
        public @Nullable Object result() {
            if (empty) {
                return null;
            }
            return whole(carried.add(BigInteger.valueOf(sum)));
        }
    }

    /** Of DOUBLE, or the mean. */
    final class Sum implements Accumulator {
        private final boolean mean;
        private double sum;
        private long count;

        Sum(boolean mean) {
            this.mean = mean;
        }

        @Override
        public void add(@Nullable Object value) {
            if (value instanceof Double number) {
                sum += Math.abs(number) > Measure.LARGEST_SUMMED ? Double.NaN : number;
                count++;
            }
        }

        @Override
        public @Nullable Object result() {
            return count == 0 ? null : Scalars.finite(mean ? sum / count : sum);
        }
    }

    /** The largest (sign 1) or smallest (sign -1). */
    final class Extreme implements Accumulator {
        private final int sign;
        private @Nullable Object best;

        Extreme(int sign) {
            this.sign = sign;
        }

        @Override
        public void add(@Nullable Object value) {
            if (value != null && (best == null || Scalars.compare(value, best) * sign > 0)) {
                best = value;
            }
        }

        @Override
        public @Nullable Object result() {
            return best;
        }
    }

    /** Values that differ; zero has one sign. */
    final class Distinct implements Accumulator {
        private final Set<Object> values = new HashSet<>();

        @Override
        public void add(@Nullable Object value) {
            if (value != null) {
                values.add(value instanceof Double number ? (Object) (number + 0.0) : value);
            }
        }

        @Override
        public Object result() {
            return (long) values.size();
        }
    }

    /**
     * Variances and their roots. B. P. Welford, "Note on a method for calculating corrected sums of squares and products",
     * Technometrics 4 (1962).
     */
    final class Spread implements Accumulator {
        private final AggregateFunction function;
        private long count;
        private double mean;
        private double squares;

        Spread(AggregateFunction function) {
            this.function = function;
        }

        @Override
        public void add(@Nullable Object value) {
            if (value instanceof Double number) {
                double taken = Math.abs(number) > Measure.LARGEST_SQUARED ? Double.NaN : number;
                count++;
                double before = taken - mean;
                mean += before / count;
                squares += before * (taken - mean);
            }
        }

        @Override
        public @Nullable Object result() {
            long freedom = function.freedom(count);
            return freedom < 1 ? null : Scalars.finite(function.spread(squares, freedom));
        }
    }
}
