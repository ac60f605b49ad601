package dev.millwright.plan;

import dev.millwright.core.MillwrightException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns values from outside into those that computations use, and back. */
final class EventValues {
    private EventValues() {}

    /**
     * @param zone what timestamps in text mean when they carry no zone
     * @throws MillwrightException when the value doesn't fit the column
     */
    static @Nullable Object read(String column, ValueType type, @Nullable Object value, ZoneId zone) {
        if (value == null) {
            return null;
        }
        Optional<Object> read = switch (type) {
            case BOOLEAN -> value instanceof Boolean ? Optional.of(value) : Optional.empty();
            case BIGINT -> whole(value);
            case DOUBLE -> value instanceof Number ? Optional.of(value) : Optional.empty();
            case VARCHAR -> value instanceof CharSequence ? Optional.of(value.toString()) : Optional.empty();
            case TIMESTAMP -> timestamp(value, zone);
            case INTERVAL, MONTHS, NULL, BROKEN -> Optional.empty();
        };
        Object fitting = read.orElseThrow(() -> new MillwrightException(
                PlanError.INVALID_EVENT,
                column + ": " + value + " (expected: " + type.label() + " or null). Send it as the dataset has it."));
        return switch (type) {
            case DOUBLE -> Scalars.finite(((Number) fitting).doubleValue());
            case TIMESTAMP -> LocalTime.inRange((Long) fitting);
            default -> fitting;
        };
    }

    private static Optional<Object> whole(Object value) {
        return switch (value) {
            case Long number -> Optional.of(number);
            case Integer number -> Optional.of(number.longValue());
            case Short number -> Optional.of(number.longValue());
            case Byte number -> Optional.of(number.longValue());
            case Number number -> wholeDecimal(number);
            default -> Optional.empty();
        };
    }

    private static Optional<Object> wholeDecimal(Number number) {
        try {
            return Optional.of(new BigDecimal(number.toString()).longValueExact());
        } catch (NumberFormatException | ArithmeticException e) {
            return Optional.empty(); // a fraction, an infinity or too large: the caller says so
        }
    }

    private static Optional<Object> timestamp(Object value, ZoneId zone) {
        return switch (value) {
            case Long micros -> Optional.of(micros);
            case Instant instant -> Optional.of(LocalTime.micros(instant));
            case OffsetDateTime time -> Optional.of(LocalTime.micros(time.toInstant()));
            case CharSequence text -> timestampText(text.toString(), zone);
            default -> Optional.empty();
        };
    }

    private static Optional<Object> timestampText(String text, ZoneId zone) {
        Optional<Long> local = LocalTime.parse(text, zone);
        if (local.isPresent()) {
            return Optional.of(local.get());
        }
        try {
            return Optional.of(LocalTime.micros(
                    OffsetDateTime.parse(text.strip().replace(' ', 'T')).toInstant()));
        } catch (DateTimeException e) {
            return Optional.empty(); // not ISO 8601: the caller says so
        }
    }

    /** Timestamps become instants. */
    static @Nullable Object write(ValueType type, @Nullable Object value) {
        return type == ValueType.TIMESTAMP && value instanceof Long micros ? LocalTime.instant(micros) : value;
    }
}
