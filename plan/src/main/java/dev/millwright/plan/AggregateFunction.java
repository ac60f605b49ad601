package dev.millwright.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What can summarise several rows. NULLs are left out. Over no rows COUNT is 0 and the others are NULL. SUM of BIGINT is BIGINT
 * and an error when it doesn't fit; SUM of DOUBLE, AVG and STDDEV_SAMP are DOUBLE, NULL when they aren't finite. AVG and
 * STDDEV_SAMP take BIGINT as DOUBLE. STDDEV_SAMP of one row is NULL. Strings are compared by code point.
 */
enum AggregateFunction {
    COUNT,
    SUM,
    AVG,
    MIN,
    MAX,
    STDDEV_SAMP;

    static Optional<AggregateFunction> find(String name) {
        return Arrays.stream(values())
                .filter(function -> function.name().equalsIgnoreCase(name))
                .findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Enum::name).toList();
    }

    boolean takesOnlyNumbers() {
        return this == SUM || this == AVG || this == STDDEV_SAMP;
    }

    ValueType type(ValueType argument) {
        return switch (this) {
            case COUNT -> ValueType.BIGINT;
            case AVG, STDDEV_SAMP -> ValueType.DOUBLE;
            case SUM, MIN, MAX -> argument;
        };
    }
}
