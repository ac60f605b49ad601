package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.data.ReplayReport.Difference;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares features row by row. Whole numbers, text and conditions must be equal. Two numbers agree within 1e-9 of the larger of them, or
 * within 1e-12 of the largest value that the feature has had: sums that cancel out leave rounding in place of zero. Not thread-safe.
 */
final class FeatureComparison {
    private static final double RELATIVE = 1e-9;
    private static final double OF_THE_LARGEST = 1e-12;
    private static final int EXAMPLES = 5;

    private final List<Column> columns;
    private final double[] largest;
    private final List<Difference> examples = new ArrayList<>();
    private long compared;
    private long differing;
    private double largestDifference;
    private long sameTime;
    private long unknownWhenSent;

    FeatureComparison(List<Column> columns) {
        this.columns = columns;
        this.largest = new double[columns.size()];
    }

    /**
     * Compares one row.
     *
     * @param whenSent its features when it came
     * @param afterAll those once all rows of its time had come
     * @param alone whether no other row has its time
     */
    void add(
            long row,
            @Nullable Object[] batch,
            Map<String, @Nullable Object> whenSent,
            Map<String, @Nullable Object> afterAll,
            boolean alone) {
        boolean agrees = true;
        boolean known = true;
        for (int i = 0; i < batch.length; i++) {
            String name = columns.get(i).name();
            widen(i, batch[i]);
            boolean first = isSame(i, batch[i], whenSent.get(name));
            boolean same = first || isSame(i, batch[i], afterAll.get(name));
            known = known && (first || !same);
            agrees = agrees && same;
            if (same) {
                largestDifference =
                        Math.max(largestDifference, apart(batch[i], (first ? whenSent : afterAll).get(name)));
            } else {
                differs(row, name, batch[i], afterAll.get(name));
            }
        }
        compared++;
        differing += agrees ? 0 : 1;
        sameTime += alone ? 0 : 1;
        unknownWhenSent += known ? 0 : 1;
    }

    private void differs(long row, String name, @Nullable Object batch, @Nullable Object online) {
        largestDifference = Math.max(largestDifference, apart(batch, online));
        if (examples.size() < EXAMPLES) {
            examples.add(Difference.of(row, name, batch, online));
        }
    }

    private void widen(int column, @Nullable Object value) {
        if (value instanceof Double number) {
            largest[column] = Math.max(largest[column], Math.abs(number));
        }
    }

    private boolean isSame(int column, @Nullable Object batch, @Nullable Object online) {
        if (batch instanceof Double a && online instanceof Double b) {
            double apart = Math.abs(a - b);
            return apart <= RELATIVE * Math.max(Math.abs(a), Math.abs(b)) || apart <= OF_THE_LARGEST * largest[column];
        }
        Object comparable =
                online instanceof Instant instant ? (Object) ChronoUnit.MICROS.between(Instant.EPOCH, instant) : online;
        return batch == null ? comparable == null : batch.equals(comparable);
    }

    /** Relative to the larger; 0 for what aren't two numbers. */
    private static double apart(@Nullable Object batch, @Nullable Object online) {
        if (batch instanceof Double a && online instanceof Double b && !a.equals(b)) {
            return Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
        }
        return 0;
    }

    ReplayReport report(long rows) {
        return new ReplayReport(rows, compared, differing, largestDifference, sameTime, unknownWhenSent, examples);
    }
}
