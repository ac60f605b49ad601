package dev.millwright.data;

import java.time.Duration;

/** When the values of a column become known: later than the row's own time, as a label does. */
public sealed interface KnownAfter {
    /** So long after the row's own time. */
    record After(Duration duration) implements KnownAfter {
        public After {
            if (duration.isNegative()) {
                throw new IllegalArgumentException("duration: " + duration + " (expected: none that is negative)");
            }
        }
    }

    /** At the time in another column of the row: never, where that is missing. */
    record At(String column) implements KnownAfter {}
}
