package dev.millwright.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What EXTRACT can take from a timestamp, in the view's zone. All are BIGINT. DOW counts from 0 on Sunday, ISODOW from 1 on Monday,
 * DOY from 1; WEEK and ISOYEAR, the year it belongs to, are ISO's; SECOND leaves out the fraction; EPOCH counts whole seconds
 * since 1970-01-01T00:00:00Z, rounded down.
 */
enum CalendarField {
    YEAR,
    ISOYEAR,
    QUARTER,
    MONTH,
    WEEK,
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    DOW,
    ISODOW,
    DOY,
    EPOCH;

    static Optional<CalendarField> find(String name) {
        return Arrays.stream(values())
                .filter(field -> field.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /** Whether {@code FLOOR(ts TO unit)} has a meaning. Weeks start on Monday. */
    boolean canBeFlooredTo() {
        return isDayOrLonger() || this == HOUR || this == MINUTE || this == SECOND;
    }

    /** Whether flooring goes to a local date's start, rather than back by part of a day. */
    boolean isDayOrLonger() {
        return switch (this) {
            case YEAR, QUARTER, MONTH, WEEK, DAY -> true;
            case ISOYEAR, HOUR, MINUTE, SECOND, DOW, ISODOW, DOY, EPOCH -> false;
        };
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
