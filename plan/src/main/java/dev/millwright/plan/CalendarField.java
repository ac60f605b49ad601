package dev.millwright.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What EXTRACT can take from a timestamp, in the view's zone. All are BIGINT. DOW counts from 0 on Sunday, DOY from 1; WEEK is
 * ISO's; SECOND leaves out the fraction; EPOCH counts whole seconds since 1970-01-01T00:00:00Z, rounded down.
 */
enum CalendarField {
    YEAR,
    QUARTER,
    MONTH,
    WEEK,
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    DOW,
    DOY,
    EPOCH;

    static Optional<CalendarField> find(String name) {
        return Arrays.stream(values())
                .filter(field -> field.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /** Whether {@code FLOOR(ts TO unit)} has a meaning. Weeks start on Monday. */
    boolean canBeFlooredTo() {
        return this != DOW && this != DOY && this != EPOCH;
    }

    /** Whether flooring goes to a local date's start, rather than back by part of a day. */
    boolean isDayOrLonger() {
        return switch (this) {
            case YEAR, QUARTER, MONTH, WEEK, DAY -> true;
            case HOUR, MINUTE, SECOND, DOW, DOY, EPOCH -> false;
        };
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
