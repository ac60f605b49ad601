package dev.millwright.data;

import dev.millwright.data.Expectation.Value;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which of two constants is greater, whatever they are written like. */
final class ValueOrder {
    private static final Pattern TIME = Pattern.compile(
            "([0-9-]{10})(?:[ T]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?))?(?: ?(Z|z|UTC|GMT|[+-][0-9:]{2,5}))?");

    private ValueOrder() {}

    /** As {@link Comparable#compareTo}; empty for values of two kinds, and for times of which only one has an offset. */
    static OptionalInt compare(Value one, Value other) {
        if (one instanceof Value.Numeral a && other instanceof Value.Numeral b) {
            return OptionalInt.of(new BigDecimal(a.digits()).compareTo(new BigDecimal(b.digits())));
        }
        if (one instanceof Value.Now a && other instanceof Value.Now b) {
            return OptionalInt.of(a.later().compareTo(b.later()));
        }
        if (one instanceof Value.Time a
                && other instanceof Value.Time b
                && offset(a).isPresent() == offset(b).isPresent()) {
            return OptionalInt.of(instant(a).compareTo(instant(b)));
        }
        return one.equals(other) ? OptionalInt.of(0) : OptionalInt.empty();
    }

    /** The same for equal values. */
    static Value normal(Value value) {
        return switch (value) {
            case Value.Numeral number ->
                new Value.Numeral(
                        new BigDecimal(number.digits()).stripTrailingZeros().toString());
            case Value.Time time ->
                new Value.Time(instant(time).toLocalDateTime()
                        + offset(time).map(_ -> "Z").orElse(""));
            case Value.Now now -> now;
            case Value.Text text -> text;
            case Value.Truth truth -> truth;
        };
    }

    /** As {@link #normal}; empty for a text that stands for nothing, such as 30 February. */
    static Optional<Value> findNormal(Value value) {
        try {
            return Optional.of(normal(value));
        } catch (DateTimeException | NumberFormatException none) {
            return Optional.empty();
        }
    }

    private static Optional<String> offset(Value.Time time) {
        return Optional.ofNullable(parts(time).group(3));
    }

    /** In UTC; of a time without an offset, as if it were in UTC. */
    private static OffsetDateTime instant(Value.Time time) {
        Matcher parts = parts(time);
        String clock = Optional.ofNullable(parts.group(2)).orElse("00:00").replace(',', '.');
        LocalDateTime local = LocalDateTime.parse(LocalDate.parse(parts.group(1)) + "T" + clock);
        return local.atOffset(offset(time).map(ValueOrder::zone).orElse(ZoneOffset.UTC))
                .withOffsetSameInstant(ZoneOffset.UTC);
    }

    private static ZoneOffset zone(String offset) {
        return Character.isLetter(offset.charAt(0)) ? ZoneOffset.UTC : ZoneOffset.of(offset);
    }

    private static Matcher parts(Value.Time time) {
        Matcher parts = TIME.matcher(time.iso());
        if (!parts.matches()) {
            throw new IllegalArgumentException("time: " + time.iso() + " (expected: an ISO date or timestamp)");
        }
        return parts;
    }
}
