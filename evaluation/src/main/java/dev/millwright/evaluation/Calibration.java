package dev.millwright.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Whether probabilities mean what they say: of the rows with about this probability, how many were positive.
 *
 * <p>Bins hold about equally many rows, as in scikit-learn's {@code calibration_curve(strategy="quantile")}; equal widths
 * would put nearly all rows of a rare class into one bin.
 *
 * @param expectedError the mean over bins, weighted by rows, of |mean probability − rate of positives|: the expected
 *     calibration error over bins of equal count (Nguyen and O'Connor, EMNLP 2015)
 */
public record Calibration(List<Bin> bins, double expectedError) {
    static final int BINS = 10;
    private static final double Z = 1.959963984540054;

    /**
     * Rows of similar probability.
     *
     * @param rate the share of positives, with its 95 % interval after Wilson (1927)
     */
    public record Bin(long rows, double meanProbability, double rate, double low, double high) {
        static Bin of(long rows, long positives, double sumOfProbabilities) {
            double rate = (double) positives / rows;
            double shrink = 1 + Z * Z / rows;
            double centre = (rate + Z * Z / (2 * rows)) / shrink;
            double half = Z * Math.sqrt(rate * (1 - rate) / rows + Z * Z / (4.0 * rows * rows)) / shrink;
            return new Bin(
                    rows, sumOfProbabilities / rows, rate, Math.max(0, centre - half), Math.min(1, centre + half));
        }
    }

    public Calibration {
        bins = List.copyOf(bins);
    }

    static Calibration of(float[] probabilities, boolean[] positive) {
        double[] sorted = new double[probabilities.length];
        for (int row = 0; row < sorted.length; row++) {
            sorted[row] = probabilities[row];
        }
        Arrays.sort(sorted);
        double[] innerEdges = new double[BINS - 1];
        for (int edge = 0; edge < innerEdges.length; edge++) {
            innerEdges[edge] = Bootstrap.quantile(sorted, (edge + 1) / (double) BINS);
        }
        long[] rows = new long[BINS];
        long[] positives = new long[BINS];
        double[] sums = new double[BINS];
        for (int row = 0; row < probabilities.length; row++) {
            int bin = 0;
            while (bin < innerEdges.length && innerEdges[bin] < probabilities[row]) {
                bin++;
            }
            rows[bin]++;
            positives[bin] += positive[row] ? 1 : 0;
            sums[bin] += probabilities[row];
        }
        List<Bin> bins = new ArrayList<>();
        double error = 0;
        for (int bin = 0; bin < BINS; bin++) {
            if (rows[bin] > 0) {
                bins.add(Bin.of(rows[bin], positives[bin], sums[bin]));
                error += Math.abs(sums[bin] - positives[bin]) / probabilities.length;
            }
        }
        return new Calibration(bins, error);
    }
}
