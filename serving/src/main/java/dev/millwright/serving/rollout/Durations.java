package dev.millwright.serving.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Checks what must take time, and writes it as pipeline files do. */
final class Durations {
    private Durations() {}

    static void requirePositive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: longer than nothing)");
        }
    }

    /** {@code 1h 40m}; below a second in milliseconds. */
    static String told(Duration duration) {
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            return duration.toMillis() + "ms";
        }
        List<String> parts = new ArrayList<>();
        add(parts, duration.toDays(), "d");
        add(parts, duration.toHoursPart(), "h");
        add(parts, duration.toMinutesPart(), "m");
        add(parts, duration.toSecondsPart(), "s");
        return String.join(" ", parts);
    }

    private static void add(List<String> parts, long amount, String unit) {
        if (amount > 0) {
            parts.add(amount + unit);
        }
    }
}
