package dev.millwright.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What can summarise several rows. NULLs are left out. Over no rows COUNT is 0 and the others are NULL. SUM of BIGINT is BIGINT;
 * SUM of DOUBLE, AVG, the variances and the standard deviations are DOUBLE, and take BIGINT as DOUBLE. What doesn't fit is NULL.
 * The sums of doubles are NULL too when one of them is larger than {@link #LARGEST_SUMMED}, or in variances and deviations
 * {@link #LARGEST_SQUARED}: near the end of the range it would depend on the order of the rows whether they fit. Variance and
 * deviation of a sample are NULL over one row. Strings are compared by code point.
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
    /** Of the frame's earliest row; of those of the same time, that with the smallest row id. NULLs count. Only for windows. */
    FIRST_VALUE,
    /** Of the frame's latest row; of those of the same time, that with the largest row id. NULLs count. Only for windows. */
    LAST_VALUE,
    /** Written {@code FIRST_VALUE(x) IGNORE NULLS}. */
    FIRST_PRESENT,
    /** Written {@code LAST_VALUE(x) IGNORE NULLS}. */
    LAST_PRESENT;

    /** 2⁹⁶⁰: the sum of any number of rows is finite. */
    static final double LARGEST_SUMMED = 0x1p960;

    /** 2⁴⁸⁰: the sum of the squares of any number of rows is finite. */
    static final double LARGEST_SQUARED = 0x1p480;

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
        return this != COUNT_DISTINCT && this != FIRST_PRESENT && this != LAST_PRESENT;
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

    /** Whether the result is the value of one row of a window, found by its place. */
    boolean isPlace() {
        return this == FIRST_VALUE || this == LAST_VALUE || this == FIRST_PRESENT || this == LAST_PRESENT;
    }

    ValueType type(ValueType argument) {
        return switch (this) {
            case COUNT, COUNT_DISTINCT -> ValueType.BIGINT;
            case AVG, VAR_SAMP, VAR_POP, STDDEV_SAMP, STDDEV_POP -> ValueType.DOUBLE;
            case SUM, MIN, MAX, FIRST_VALUE, LAST_VALUE, FIRST_PRESENT, LAST_PRESENT -> argument;
        };
    }
}
