package dev.millwright.registry;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Instants as the database holds them: microseconds since 1970-01-01T00:00:00Z. */
final class Micros {
    private Micros() {}

    static long of(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
