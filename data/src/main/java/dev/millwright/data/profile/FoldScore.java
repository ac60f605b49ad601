package dev.millwright.data.profile;

import java.util.Arrays;
import java.util.List;

/**
 * A score, over folds.
 *
 * @param value the mean
 * @param low of the worst fold
 * @param high of the best fold
 */
public record FoldScore(double value, double low, double high) {
    /** Nothing was learnt, for there was nothing to learn from. */
    static FoldScore of(double value) {
        return new FoldScore(value, value, value);
    }

    /** @param folds NaN where it does not exist; NaN altogether when it exists in none */
    private static FoldScore over(double[] folds) {
        double[] known =
                Arrays.stream(folds).filter(score -> !Double.isNaN(score)).toArray();
        return known.length == 0
                ? of(Double.NaN)
                : new FoldScore(
                        Arrays.stream(known).average().orElseThrow(),
                        Arrays.stream(known).min().orElseThrow(),
                        Arrays.stream(known).max().orElseThrow());
    }

    /** The area under the ROC curve, of each class against the rest when there are several, these weighing the same. */
    static FoldScore rocAuc(List<float[]> predictions, List<double[]> indicators, byte[] folds) {
        double[] byFold = new double[Folds.COUNT];
        for (int fold = 0; fold < Folds.COUNT; fold++) {
            double sum = 0;
            int classes = 0;
            for (int i = 0; i < predictions.size(); i++) {
                double area = rocAuc(predictions.get(i), indicators.get(i), folds, fold);
                sum += Double.isNaN(area) ? 0 : area;
                classes += Double.isNaN(area) ? 0 : 1;
            }
            byFold[fold] = classes == 0 ? Double.NaN : sum / classes;
        }
        return over(byFold);
    }

    /** The chance that a positive row is above a negative one, a tie counting one half (Hanley and McNeil 1982). */
    private static double rocAuc(float[] predictions, double[] indicator, byte[] folds, int fold) {
        long[] keys = new long[predictions.length];
        int rows = 0;
        for (int row = 0; row < predictions.length; row++) {
            if (folds[row] == fold) {
                keys[rows++] = ((long) sortable(predictions[row]) << 1) | (indicator[row] > 0 ? 1 : 0);
            }
        }
        Arrays.sort(keys, 0, rows);
        long positives = 0;
        long negatives = 0;
        double area = 0;
        for (int from = 0, to = 0; from < rows; from = to) {
            long tiedPositives = 0;
            for (to = from; to < rows && keys[to] >> 1 == keys[from] >> 1; to++) {
                tiedPositives += keys[to] & 1;
            }
            long tiedNegatives = to - from - tiedPositives;
            area += tiedPositives * (negatives + tiedNegatives / 2.0);
            positives += tiedPositives;
            negatives += tiedNegatives;
        }
        return area / ((double) positives * negatives);
    }

    /** An int that sorts as the float does. */
    private static int sortable(float value) {
        int bits = Float.floatToIntBits(value + 0f);
        return bits ^ ((bits >> 31) & 0x7fffffff);
    }

    /** The share of a target's variance that predictions explain; below zero for those that are worse than the mean. */
    static FoldScore r2(float[] predictions, double[] target, byte[] folds) {
        double[] rows = new double[Folds.COUNT];
        double[] means = new double[Folds.COUNT];
        for (int row = 0; row < target.length; row++) {
            if (folds[row] != Folds.NONE) {
                rows[folds[row]]++;
                means[folds[row]] += (target[row] - means[folds[row]]) / rows[folds[row]];
            }
        }
        double[] errors = new double[Folds.COUNT];
        double[] variances = new double[Folds.COUNT];
        for (int row = 0; row < target.length; row++) {
            if (folds[row] != Folds.NONE) {
                double error = target[row] - predictions[row];
                double deviation = target[row] - means[folds[row]];
                errors[folds[row]] += error * error;
                variances[folds[row]] += deviation * deviation;
            }
        }
        double[] byFold = new double[Folds.COUNT];
        for (int fold = 0; fold < Folds.COUNT; fold++) {
            byFold[fold] = variances[fold] > 0 ? 1 - errors[fold] / variances[fold] : Double.NaN;
        }
        return over(byFold);
    }
}
