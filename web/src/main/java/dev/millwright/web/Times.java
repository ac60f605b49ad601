package dev.millwright.web;

import dev.millwright.core.MillwrightException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Times in addresses, and lengths of time. */
final class Times {
    private static final double MILLIS = 1e3;

    private Times() {}

    static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / MILLIS;
    }

    /** {@code 2026-11-21T14:03}, with or without seconds, in UTC, with or without saying so. */
    static Instant parse(String name, String text) {
        try {
            return text.endsWith("Z")
                    ? Instant.parse(text)
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException wrong) {
            throw new MillwrightException(
                    WebError.BAD_REQUEST,
                    name + ": '" + text + "' (expected: a time in UTC such as 2026-11-21T14:03:00)",
                    wrong);
        }
    }
}
