package dev.millwright.plan;

import dev.millwright.core.ColumnType;
import java.util.Locale;

/** The type of an expression: a column type, or one that only parts of expressions have. */
enum ValueType {
    BOOLEAN,
    BIGINT,
    DOUBLE,
    VARCHAR,
    /** Microseconds since 1970-01-01T00:00:00Z. */
    TIMESTAMP,
    /** A length of time in microseconds. */
    INTERVAL,
    /** A length of time in calendar months. */
    MONTHS,
    /** A bare NULL, which takes the type of what stands beside it. */
    NULL,
    /** A part that was reported as a problem; what is built on it is not reported again. */
    BROKEN;

    static ValueType of(ColumnType type) {
        return valueOf(type.name());
    }

    /** The same type as a column has it; a bare NULL becomes text. */
    ColumnType column() {
        return this == NULL ? ColumnType.VARCHAR : ColumnType.valueOf(name());
    }

    /** Whether it is a length of time, which can only be added or subtracted. */
    boolean isLength() {
        return this == INTERVAL || this == MONTHS;
    }

    boolean isNumeric() {
        return this == BIGINT || this == DOUBLE;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
