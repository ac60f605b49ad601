package dev.millwright.serving.rollout;

import java.time.Duration;

/** Checks what must take time. */
final class Durations {
    private Durations() {}

    static void requirePositive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: longer than nothing)");
        }
    }
}
