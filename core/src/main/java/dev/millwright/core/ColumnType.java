package dev.millwright.core;

import java.util.Locale;
import java.util.Optional;

/** The types that a dataset column or a feature can have. Every column is nullable. */
public enum ColumnType {
    BOOLEAN,
    /** 64-bit signed integer. */
    BIGINT,
    /** IEEE 754 binary64. NaN and infinities never appear in datasets: they are read as missing. */
    DOUBLE,
    VARCHAR,
    /** An instant, as microseconds since 1970-01-01T00:00:00Z. */
    TIMESTAMP;

    /** The type that a pipeline file names, in any case, with the usual synonyms. */
    public static Optional<ColumnType> find(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "boolean", "bool" -> Optional.of(BOOLEAN);
            case "bigint", "integer", "int", "long" -> Optional.of(BIGINT);
            case "double", "float", "number", "real" -> Optional.of(DOUBLE);
            case "varchar", "string", "text" -> Optional.of(VARCHAR);
            case "timestamp", "date", "datetime" -> Optional.of(TIMESTAMP);
            default -> Optional.empty();
        };
    }

    public boolean isNumeric() {
        return this == BIGINT || this == DOUBLE;
    }

    /** The name used in messages and files: lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
