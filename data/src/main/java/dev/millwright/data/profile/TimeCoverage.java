package dev.millwright.data.profile;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * Which time a column of timestamps covers.
 *
 * @param unit what a bucket of {@code buckets} is: second, minute, hour, day, week, month, quarter, year or decade
 * @param buckets rows by unit, from the first to the last, empty ones included
 * @param gaps the longest times without rows, the longest first
 * @param allGaps how many there are
 * @param outOfOrder rows that are earlier than the row before them; empty where rows have no order
 * @param future rows later than the moment of the profile
 */
public record TimeCoverage(
        String column,
        Instant first,
        Instant last,
        String unit,
        List<Bucket> buckets,
        List<Gap> gaps,
        long allGaps,
        OptionalLong outOfOrder,
        long future) {
    public TimeCoverage {
        buckets = List.copyOf(buckets);
        gaps = List.copyOf(gaps);
    }

    public record Bucket(Instant from, long rows) {}

    /** A time without rows that is more than five times as long as 99 % of those between neighbouring timestamps. */
    public record Gap(Instant after, Instant before) {}
}
