package dev.millwright.plan;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;

/** Which conversions CAST does. */
final class Casts {
    private static final Map<String, ValueType> TYPES = Map.ofEntries(
            Map.entry("BOOLEAN", ValueType.BOOLEAN),
            Map.entry("TINYINT", ValueType.BIGINT),
            Map.entry("SMALLINT", ValueType.BIGINT),
            Map.entry("INTEGER", ValueType.BIGINT),
            Map.entry("BIGINT", ValueType.BIGINT),
            Map.entry("REAL", ValueType.DOUBLE),
            Map.entry("FLOAT", ValueType.DOUBLE),
            Map.entry("DOUBLE", ValueType.DOUBLE),
            Map.entry("VARCHAR", ValueType.VARCHAR),
            Map.entry("TIMESTAMP", ValueType.TIMESTAMP));

    private Casts() {}

    /** The type that CAST names; reports those that a feature can't have. */
    static Optional<ValueType> target(SqlDataTypeSpec spec, Reporter reporter) {
        String name = spec.getTypeName().toString().toUpperCase(Locale.ROOT);
        boolean sized = spec.getTypeNameSpec() instanceof SqlBasicTypeNameSpec basic
                && basic.getPrecision() != RelDataType.PRECISION_NOT_SPECIFIED;
        ValueType type = TYPES.get(name);
        if (type == null || sized || spec.getTypeNameSpec().toString().contains("TIME ZONE")) {
            reporter.report(
                    spec,
                    reporter.text(spec)
                            + ": unknown type (expected: BOOLEAN, BIGINT, DOUBLE, VARCHAR or TIMESTAMP, without a size)"
                            + (name.equals("DATE") ? ". For a day, write FLOOR(timestamp TO DAY)." : ""));
            return Optional.empty();
        }
        return Optional.of(type);
    }

    /** What to do instead of a conversion that isn't done. */
    static Optional<String> objection(ValueType from, ValueType to) {
        if (from == to || from == ValueType.NULL) {
            return Optional.empty();
        }
        return switch (from) {
            case DOUBLE ->
                to == ValueType.VARCHAR
                        ? Optional.of("BIGINT to text, as in CAST(CAST(x AS BIGINT) AS VARCHAR)")
                        : noTime(to);
            case BIGINT, BOOLEAN -> noTime(to);
            case TIMESTAMP -> Optional.of("EXTRACT(unit FROM timestamp)");
            case VARCHAR -> Optional.empty();
            case INTERVAL, MONTHS, NULL, BROKEN -> Optional.of("a value");
        };
    }

    private static Optional<String> noTime(ValueType to) {
        return to == ValueType.TIMESTAMP
                ? Optional.of("MAKE_TIMESTAMP, or TIMESTAMP_SECONDS, TIMESTAMP_MILLIS or TIMESTAMP_MICROS")
                : Optional.empty();
    }
}
