package dev.millwright.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows sorted by score, greatest first, ready for everything that depends on the ranking alone. Sorted once; each
 * resample is then one pass over counts. Rows with equal scores form one group, so their order never matters: a curve
 * has one point a group, as in scikit-learn.
 */
final class RankedScores {
    /** The rows, greatest score first. */
    private final int[] order;
    /** By place in {@link #order}: all bits set where the row is positive. */
    private final int[] positiveMask;
    /** By place in {@link #order}: whether the next row has another score. */
    private final boolean[] groupEnds;

    private final float[] scores;

    private RankedScores(int[] order, int[] positiveMask, boolean[] groupEnds, float[] scores) {
        this.order = order;
        this.positiveMask = positiveMask;
        this.groupEnds = groupEnds;
        this.scores = scores;
    }

    /** Scores must be between 0 and 1, so that their bit patterns sort as they do. */
    static RankedScores of(float[] scores, boolean[] positive) {
        int rows = scores.length;
        long[] keys = new long[rows];
        for (int row = 0; row < rows; row++) {
            // + 0f turns -0 into 0, which must tie with it; the complement sorts greatest first, then by row.
            keys[row] = ((long) ~Float.floatToIntBits(scores[row] + 0f) << 32) | row;
        }
        Arrays.sort(keys);
        int[] order = new int[rows];
        int[] mask = new int[rows];
        float[] sorted = new float[rows];
        boolean[] ends = new boolean[rows];
        for (int i = 0; i < rows; i++) {
            order[i] = (int) keys[i];
            mask[i] = positive[order[i]] ? -1 : 0;
            sorted[i] = scores[order[i]];
            ends[i] = i == rows - 1 || keys[i] >> 32 != keys[i + 1] >> 32;
        }
        return new RankedScores(order, mask, ends, sorted);
    }

    /**
     * The area under the ROC curve by the trapezoidal rule: the chance that a random positive scores above a random
     * negative, a tie counting one half (Hanley and McNeil 1982). NaN with one class only.
     */
    double rocAuc(int[] counts) {
        long positives = 0;
        long rows = 0;
        long groupPositives = 0;
        long groupRows = 0;
        double twiceArea = 0;
        for (int i = 0; i < order.length; i++) {
            int count = counts[order[i]];
            groupRows += count;
            groupPositives += count & positiveMask[i];
            if (groupEnds[i]) {
                twiceArea += (double) (groupRows - groupPositives) * (2 * positives + groupPositives);
                positives += groupPositives;
                rows += groupRows;
                groupPositives = 0;
                groupRows = 0;
            }
        }
        return twiceArea / (2.0 * positives * (rows - positives));
    }

    /** Precision at each threshold weighted by the recall it adds, without interpolation. NaN without positives. */
    double averagePrecision(int[] counts) {
        long positives = 0;
        long rows = 0;
        long before = 0;
        double sum = 0;
        for (int i = 0; i < order.length; i++) {
            int count = counts[order[i]];
            rows += count;
            positives += count & positiveMask[i];
            if (groupEnds[i] && positives != before) {
                sum += (double) (positives - before) * positives / rows;
                before = positives;
            }
        }
        return sum / positives;
    }

    /** x: false positive rate, y: true positive rate; from (0, 0) to (1, 1). Empty with one class only. */
    List<CurvePoint> roc() {
        long positives = positives();
        long negatives = order.length - positives;
        if (positives == 0 || negatives == 0) {
            return List.of();
        }
        List<CurvePoint> points = new ArrayList<>();
        points.add(new CurvePoint(0, 0, Double.POSITIVE_INFINITY));
        forEachGroup((taken, found, score) ->
                points.add(new CurvePoint((double) (taken - found) / negatives, (double) found / positives, score)));
        return points;
    }

    /** x: recall, y: precision; from (0, 1), by convention, to (1, base rate). Empty without positives. */
    List<CurvePoint> precisionRecall() {
        long positives = positives();
        if (positives == 0) {
            return List.of();
        }
        List<CurvePoint> points = new ArrayList<>();
        points.add(new CurvePoint(0, 1, Double.POSITIVE_INFINITY));
        forEachGroup((taken, found, score) ->
                points.add(new CurvePoint((double) found / positives, (double) found / taken, score)));
        return points;
    }

    /** x: share of rows taken, y: share of the positives among them; from (0, 0) to (1, 1). */
    List<CurvePoint> gains() {
        long positives = positives();
        if (positives == 0) {
            return List.of();
        }
        List<CurvePoint> points = new ArrayList<>();
        points.add(new CurvePoint(0, 0, Double.POSITIVE_INFINITY));
        forEachGroup((taken, found, score) ->
                points.add(new CurvePoint((double) taken / order.length, (double) found / positives, score)));
        return points;
    }

    /** Per threshold, greatest first, the confusion of the rule "positive when the score is at least the threshold". */
    List<ThresholdRow> atThresholds(double... thresholds) {
        long positives = positives();
        List<ThresholdRow> rows = new ArrayList<>();
        for (double threshold : thresholds) {
            long taken = 0;
            long found = 0;
            while (taken < order.length && scores[(int) taken] >= threshold) {
                found += positiveMask[(int) taken] & 1;
                taken++;
            }
            rows.add(new ThresholdRow(
                    threshold, found, taken - found, positives - found, order.length - taken - (positives - found)));
        }
        return rows;
    }

    /** The score that, used as threshold, gives the greatest F1; the smaller of two that do. NaN without positives. */
    double bestF1Threshold() {
        long positives = positives();
        double[] best = {-1, Double.NaN};
        forEachGroup((taken, found, score) -> {
            double f1 = 2.0 * found / (taken + positives);
            if (f1 >= best[0]) {
                best[0] = f1;
                best[1] = score;
            }
        });
        return positives == 0 ? Double.NaN : best[1];
    }

    long positives() {
        long positives = 0;
        for (int mask : positiveMask) {
            positives -= mask;
        }
        return positives;
    }

    private interface GroupVisitor {
        /** {@code found} positives among the {@code taken} rows that score {@code score} or more. */
        void visit(long taken, long found, float score);
    }

    private void forEachGroup(GroupVisitor visitor) {
        long found = 0;
        for (int i = 0; i < order.length; i++) {
            found -= positiveMask[i];
            if (groupEnds[i]) {
                visitor.visit(i + 1L, found, scores[i]);
            }
        }
    }
}
