package dev.millwright.registry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that moves only when a test says so. */
final class SettableClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-03-29T01:30:00.123456Z");

    @Override
    public Instant instant() {
        return now;
    }

    synchronized void advance(Duration duration) {
        now = now.plus(duration);
    }
}
