package dev.millwright.web.page;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** A time as people read it: how far from now, and exactly. */
public record Moment(Instant instant, Instant now) {
    private static final DateTimeFormatter EXACT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    /** {@code 3 min ago}, {@code in 10 min}; a date when it is more than a month away. */
    public String relative() {
        Duration distance = Duration.between(instant, now).abs();
        if (distance.toSeconds() < 5) {
            return instant.isAfter(now) ? "in a moment" : "just now";
        }
        if (distance.toDays() > 31) {
            return DAY.format(instant);
        }
        String amount = amount(distance);
        return instant.isAfter(now) ? "in " + amount : amount + " ago";
    }

    private static String amount(Duration distance) {
        if (distance.toSeconds() < 60) {
            return distance.toSeconds() + " s";
        }
        if (distance.toMinutes() < 60) {
            return distance.toMinutes() + " min";
        }
        return distance.toHours() < 48 ? distance.toHours() + " h" : distance.toDays() + " days";
    }

    /** To the second, in UTC. */
    public String exact() {
        return EXACT.format(instant);
    }

    /** The time of day in UTC. */
    public String clock() {
        return CLOCK.format(instant);
    }

    /** The date in UTC. */
    public String day() {
        return DAY.format(instant);
    }

    /** For programs and addresses: ISO 8601 to the second. */
    public String machine() {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
