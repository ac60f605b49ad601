package dev.millwright.app;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** Times as a table on a terminal shows them. */
final class Times {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private Times() {}

    static String stamp(Instant instant) {
        return STAMP.format(instant.atZone(ZoneId.systemDefault()));
    }

    static String took(Instant from, Optional<Instant> to) {
        return to.map(end -> {
                    Duration took = Duration.between(from, end);
                    return took.compareTo(Duration.ofMinutes(1)) < 0
                            ? String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0)
                            : took.truncatedTo(ChronoUnit.SECONDS)
                                    .toString()
                                    .substring(2)
                                    .toLowerCase(Locale.ROOT);
                })
                .orElse("—");
    }
}
