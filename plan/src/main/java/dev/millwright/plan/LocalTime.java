package dev.millwright.plan;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Calendar arithmetic between instants in microseconds and wall-clock times of a zone, as {@link Operation} defines it. */
final class LocalTime {
    /** The text that reads as a timestamp; group 1 is it without surrounding spaces. */
    static final String PATTERN =
            "^ *([0-9]{4}-[0-9]{2}-[0-9]{2}([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?) *$";

    /** 0001-01-01T00:00:00Z: no timestamp that comes from outside or from adding to one is earlier. */
    static final long EARLIEST = -62_135_596_800_000_000L;

    /** 9999-12-31T23:59:59.999999Z: no timestamp that comes from outside or from adding to one is later. */
    static final long LATEST = 253_402_300_799_999_999L;

    /** How many months can be added at most. */
    static final long MOST_MONTHS = 120_000;

    private static final Pattern TIMESTAMP = Pattern.compile(PATTERN);

    private LocalTime() {}

    static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }

    /** Of a time that comes twice the second is meant; a skipped one is read with the offset before the change. */
    static long micros(LocalDateTime local, ZoneId zone) {
        return micros(ZonedDateTime.ofLocal(local, zone, null)
                .withLaterOffsetAtOverlap()
                .toInstant());
    }

    static LocalDateTime local(long micros, ZoneId zone) {
        return LocalDateTime.ofInstant(instant(micros), zone);
    }

    static Optional<Long> parse(String text, ZoneId zone) {
        Matcher matcher = TIMESTAMP.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String timestamp = matcher.group(1).replace(' ', 'T');
        try {
            LocalDateTime local = LocalDateTime.parse(timestamp.length() == 10 ? timestamp + "T00:00" : timestamp);
            return Optional.of(micros(local, zone));
        } catch (DateTimeException e) {
            return Optional.empty(); // such as February 30th: what the caller asks about
        }
    }

    /** NULL when there is no such date and time. */
    static @Nullable Long make(long year, long month, long day, long hour, long minute, long second, ZoneId zone) {
        boolean possible = within(year, 1, 9999)
                && within(month, 1, 12)
                && within(day, 1, 31)
                && within(hour, 0, 23)
                && within(minute, 0, 59)
                && within(second, 0, 59);
        if (!possible || day > java.time.YearMonth.of((int) year, (int) month).lengthOfMonth()) {
            return null;
        }
        return micros(
                LocalDateTime.of((int) year, (int) month, (int) day, (int) hour, (int) minute, (int) second), zone);
    }

    /** NULL out of range. */
    static @Nullable Long add(long micros, long length) {
        long sum = micros + length;
        boolean overflow = ((micros ^ sum) & (length ^ sum)) < 0;
        return overflow ? null : inRange(sum);
    }

    /** NULL out of range. */
    static @Nullable Long addMonths(long micros, long months, ZoneId zone) {
        return within(months, -MOST_MONTHS, MOST_MONTHS)
                ? inRange(micros(local(micros, zone).plusMonths(months), zone))
                : null;
    }

    /** NULL before year 1 and after 9999. */
    static @Nullable Long inRange(long micros) {
        return within(micros, EARLIEST, LATEST) ? (Long) micros : null;
    }

    static long monthsBetween(long from, long to, ZoneId zone) {
        return ChronoUnit.MONTHS.between(local(from, zone), local(to, zone));
    }

    static long lastDay(long micros, ZoneId zone) {
        LocalDateTime day = local(micros, zone).truncatedTo(ChronoUnit.DAYS);
        return micros(day.with(TemporalAdjusters.lastDayOfMonth()), zone);
    }

    private static boolean within(long value, long from, long to) {
        return value >= from && value <= to;
    }

    static long extract(CalendarField field, long micros, ZoneId zone) {
        LocalDateTime local = local(micros, zone);
        return switch (field) {
            case YEAR -> local.getYear();
            case ISOYEAR -> local.get(IsoFields.WEEK_BASED_YEAR);
            case QUARTER -> local.get(IsoFields.QUARTER_OF_YEAR);
            case MONTH -> local.getMonthValue();
            case WEEK -> local.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
            case DAY -> local.getDayOfMonth();
            case HOUR -> local.getHour();
            case MINUTE -> local.getMinute();
            case SECOND -> local.getSecond();
            case DOW -> local.getDayOfWeek().getValue() % 7;
            case ISODOW -> local.getDayOfWeek().getValue();
            case DOY -> local.getDayOfYear();
            case EPOCH -> Math.floorDiv(micros, 1_000_000L);
        };
    }

    static long floor(CalendarField unit, long micros, ZoneId zone) {
        LocalDateTime local = local(micros, zone);
        LocalDateTime day = local.truncatedTo(ChronoUnit.DAYS);
        return switch (unit) {
            case YEAR -> micros(day.withDayOfYear(1), zone);
            case QUARTER -> micros(day.withDayOfMonth(1).minusMonths((local.getMonthValue() - 1) % 3), zone);
            case MONTH -> micros(day.withDayOfMonth(1), zone);
            case WEEK -> micros(day.minusDays(local.getDayOfWeek().getValue() - 1), zone);
            case DAY -> micros(day, zone);
            case HOUR -> micros - passed(local.truncatedTo(ChronoUnit.HOURS), local);
            case MINUTE -> micros - passed(local.truncatedTo(ChronoUnit.MINUTES), local);
            case SECOND -> micros - passed(local.truncatedTo(ChronoUnit.SECONDS), local);
            case ISOYEAR, DOW, ISODOW, DOY, EPOCH ->
                throw new IllegalArgumentException("unit: " + unit + " (expected: one that can be floored to)");
        };
    }

    private static long passed(LocalDateTime from, LocalDateTime to) {
        return micros(to.toInstant(ZoneOffset.UTC)) - micros(from.toInstant(ZoneOffset.UTC));
    }
}
