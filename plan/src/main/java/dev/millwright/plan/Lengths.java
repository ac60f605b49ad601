package dev.millwright.plan;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Lengths of time as people and SQL write them. */
final class Lengths {
    private static final List<Unit> UNITS = List.of(
            new Unit("DAY", 86_400_000_000L),
            new Unit("HOUR", 3_600_000_000L),
            new Unit("MINUTE", 60_000_000L),
            new Unit("SECOND", 1_000_000L),
            new Unit("MILLISECOND", 1_000L),
            new Unit("MICROSECOND", 1L));

    private record Unit(String name, long micros) {}

    private Lengths() {}

    static long micros(Duration length) {
        return Math.addExact(Math.multiplyExact(length.getSeconds(), 1_000_000L), length.getNano() / 1_000);
    }

    /** {@code INTERVAL '36' HOUR}. */
    static String interval(long micros) {
        Unit unit = unit(micros);
        return "INTERVAL '" + micros / unit.micros() + "' " + unit.name();
    }

    /** {@code 36 hours}. */
    static String words(long micros) {
        Unit unit = unit(micros);
        long count = micros / unit.micros();
        return count + " " + unit.name().toLowerCase(Locale.ROOT) + (count == 1 ? "" : "s");
    }

    /** The largest that the length is a whole number of. */
    private static Unit unit(long micros) {
        return UNITS.stream()
                .filter(unit -> micros % unit.micros() == 0)
                .findFirst()
                .orElseThrow();
    }
}
