package dev.millwright.core;

import java.time.Duration;

/** When the values of a column become known: later than the row's own time, as a label does. */
public sealed interface KnownAfter {
    /** No one waits longer for a value. */
    Duration LONGEST = Duration.ofDays(36_525);

    /** So long after the row's own time; with no time at all, not before it. */
    record After(Duration duration) implements KnownAfter {
        public After {
            if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("duration: " + duration + " (expected: from zero to a century)");
            }
        }
    }

    /** At the time in another column of the row: never, where that is missing. */
    record At(String column) implements KnownAfter {}
}
