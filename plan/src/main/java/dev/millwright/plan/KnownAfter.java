package dev.millwright.plan;

import java.time.Duration;

/** When a column's value becomes known, if that isn't at once. */
public sealed interface KnownAfter {

    /** No one waits longer for a value. */
    Duration LONGEST = Duration.ofDays(36_525);

    /** So long after the time of the row. With none at all, it is known when the row's time has come, and not before. */
    record Delay(Duration length) implements KnownAfter {
        public Delay {
            if (length.isNegative() || length.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("known_after: " + length + " (expected: from zero to a century)");
            }
        }
    }

    /** At the moment that another column of the row holds; never while that is missing. */
    record At(String column) implements KnownAfter {}
}
