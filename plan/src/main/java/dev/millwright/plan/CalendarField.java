package dev.millwright.plan;

import java.time.Duration;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

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

    /** No period that FLOOR goes back to the start of lasts longer: microseconds, with what clocks were ever put back. */
    long longest(ZoneId zone) {
        Duration usual = switch (this) {
            case YEAR -> Duration.ofDays(366);
            case QUARTER -> Duration.ofDays(92);
            case MONTH -> Duration.ofDays(31);
            case WEEK -> Duration.ofDays(7);
            case HOUR -> Duration.ofHours(1);
            case MINUTE -> Duration.ofMinutes(1);
            case SECOND -> Duration.ofSeconds(1);
            case DAY, ISOYEAR, DOW, ISODOW, DOY, EPOCH -> Duration.ofDays(1);
        };
        return Lengths.micros(isDayOrLonger() ? usual.plus(longestTurnBack(zone.getRules())) : usual);
    }

    private static Duration longestTurnBack(ZoneRules rules) {
        Stream<ZoneOffsetTransition> recurring =
                rules.getTransitionRules().stream().map(rule -> rule.createTransition(2000));
        return Stream.concat(rules.getTransitions().stream(), recurring)
                .filter(ZoneOffsetTransition::isOverlap)
                .map(transition -> transition.getDuration().abs())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
