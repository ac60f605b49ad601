package dev.millwright.evaluation;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The non-parametric bootstrap with percentile intervals (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
 * chapters 6 and 13). A resample is not a copy of rows but a count for each row: n draws with replacement are one draw of
 * multinomial counts, and a {@link Statistic} that was sorted beforehand needs one pass over them.
 */
final class Bootstrap {
    private static final double TAIL = 0.025;

    private Bootstrap() {}

    /** The ends of an interval, both NaN when there is none. */
    record Interval(double low, double high) {}

    /** {@code values[statistic][resample]}; every statistic sees the same resamples. */
    static double[][] resample(Statistic[] statistics, int rows, int resamples, long seed) {
        if (resamples < 1) {
            throw new IllegalArgumentException("resamples: " + resamples + " (expected: at least 1)");
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[][] values = new double[statistics.length][resamples];
        int[] counts = new int[rows];
        for (int resample = 0; resample < resamples; resample++) {
            Arrays.fill(counts, 0);
            for (int draw = 0; draw < rows; draw++) {
                counts[random.nextInt(rows)]++;
            }
            for (int i = 0; i < statistics.length; i++) {
                values[i][resample] = statistics[i].at(counts);
            }
        }
        return values;
    }

    /**
     * The middle 95 % of the resampled values. Resamples on which the metric is undefined are left out; when that is more
     * than one in twenty there is no interval, since the rest would be a biased picture.
     */
    static Interval interval(double[] resampled) {
        double[] defined = Arrays.stream(resampled)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        if (defined.length < 0.95 * resampled.length) {
            return new Interval(Double.NaN, Double.NaN);
        }
        return new Interval(quantile(defined, TAIL), quantile(defined, 1 - TAIL));
    }

    /** The quantile with linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, numpy's default). */
    static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
