package dev.millwright.data;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a replay compares with the batch query.
 *
 * @param rows of the view's own table, all of which were observed
 * @param compared rows that the view has, in the stretch that was asked for
 * @param differing rows with a feature that differs
 * @param largestDifference between two numbers, relative to the larger; 0 when there are none
 * @param sameTime compared rows that share their time with another
 * @param unknownWhenSent of those, rows with a feature that one couldn't know when they came: it counts rows of the same time
 *     that came later
 * @param examples of differences, the first few
 */
public record ReplayReport(
        long rows,
        long compared,
        long differing,
        double largestDifference,
        long sameTime,
        long unknownWhenSent,
        List<Difference> examples) {
    public ReplayReport {
        examples = List.copyOf(examples);
    }

    /** @param row the {@code _row_id} */
    public record Difference(long row, String feature, Optional<Object> batch, Optional<Object> online) {
        static Difference of(long row, String feature, @Nullable Object batch, @Nullable Object online) {
            return new Difference(row, feature, Optional.ofNullable(batch), Optional.ofNullable(online));
        }
    }

    /** Whether all rows that were compared have the same features. */
    public boolean agrees() {
        return differing == 0;
    }
}
