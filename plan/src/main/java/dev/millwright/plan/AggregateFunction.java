package dev.millwright.plan;

import dev.millwright.plan.window.Measure;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What can summarise several rows. NULLs are left out. Over no rows COUNT is 0 and the others are NULL. SUM of BIGINT is BIGINT;
 * SUM of DOUBLE, AVG, the variances and the standard deviations are DOUBLE, and take BIGINT as DOUBLE. What doesn't fit is NULL.
 * The sums of doubles are NULL too when one of them is larger than {@link Measure#LARGEST_SUMMED}, or in variances and deviations
 * {@link Measure#LARGEST_SQUARED}: near the end of the range it would depend on the order of the rows whether they fit. Variance
 * and deviation of a sample are NULL over one row. Strings are compared by code point.
 */
enum AggregateFunction {
    COUNT,
    /** Written {@code COUNT(DISTINCT x)}: how many different values; -0.0 is 0.0. Not for windows. */
    COUNT_DISTINCT,
    SUM,
    AVG,
    MIN,
    MAX,
    VAR_SAMP,
    VAR_POP,
    STDDEV_SAMP,
    STDDEV_POP,
    /** The earliest value; of those of the same time, that with the smallest row id. Only for windows. */
    FIRST_VALUE,
    /** The latest value; of those of the same time, that with the largest row id. Only for windows. */
    LAST_VALUE;

    /** The function that is called by this name, in any case. */
    static Optional<AggregateFunction> find(String name) {
        return Arrays.stream(values())
                .filter(function -> function.isName() && function.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /** How functions that summarise are called, those that mean a form of another included. */
    static List<String> names() {
        return java.util.stream.Stream.concat(
                        Arrays.stream(values())
                                .filter(AggregateFunction::isName)
                                .map(Enum::name),
                        AggregateSyntax.OTHER_NAMES.stream())
                .toList();
    }

    private boolean isName() {
        return this != COUNT_DISTINCT;
    }

    boolean takesOnlyNumbers() {
        return this == SUM || computesDoubles();
    }

    /** Whether the result is DOUBLE whatever the numbers are. */
    boolean computesDoubles() {
        return this == AVG || isSpread();
    }

    /** Whether squares are summed. */
    boolean isSpread() {
        return this == VAR_SAMP || this == VAR_POP || this == STDDEV_SAMP || this == STDDEV_POP;
    }

    /** Whether the result depends on the order of the rows. */
    boolean isPlace() {
        return this == FIRST_VALUE || this == LAST_VALUE;
    }

    /** What the sum of squared deviations of so many values is divided by; without values there is no result below 1. */
    long freedom(long count) {
        return this == VAR_SAMP || this == STDDEV_SAMP ? count - 1 : count;
    }

    /** The variance or deviation. */
    double spread(double squares, long freedom) {
        double variance = squares / freedom;
        return this == STDDEV_SAMP || this == STDDEV_POP ? Math.sqrt(variance) : variance;
    }

    /** How much may be summed for the result to be certain. */
    double largest() {
        return isSpread() ? Measure.LARGEST_SQUARED : Measure.LARGEST_SUMMED;
    }

    ValueType type(ValueType argument) {
        return switch (this) {
            case COUNT, COUNT_DISTINCT -> ValueType.BIGINT;
            case AVG, VAR_SAMP, VAR_POP, STDDEV_SAMP, STDDEV_POP -> ValueType.DOUBLE;
            case SUM, MIN, MAX, FIRST_VALUE, LAST_VALUE -> argument;
        };
    }
}
