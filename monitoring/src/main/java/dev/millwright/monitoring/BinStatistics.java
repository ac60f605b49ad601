package dev.millwright.monitoring;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/** Statistics of two samples that were counted in the same bins. Pure functions. */
final class BinStatistics {
    private BinStatistics() {}

    /** Pearson's chi-square statistic of homogeneity over the bins that either side uses. */
    static double chiSquare(long[] reference, long[] window) {
        double n = total(reference);
        double m = total(window);
        double statistic = 0;
        for (int bin : used(reference, window)) {
            double pooled = (reference[bin] + window[bin]) / (n + m);
            statistic += square(reference[bin] - pooled * n) / (pooled * n);
            statistic += square(window[bin] - pooled * m) / (pooled * m);
        }
        return statistic;
    }

    /** The chance of a chi-square statistic at least as large between samples of one distribution; 1 for a single bin. */
    static double chiSquarePValue(long[] reference, long[] window) {
        int degrees = used(reference, window).length - 1;
        if (degrees < 1 || total(reference) == 0 || total(window) == 0) {
            return 1;
        }
        return ChiSquaredDistribution.of(degrees).survivalProbability(chiSquare(reference, window));
    }

    /**
     * Largest difference of the cumulative shares, over the first {@code bins} bins: the two-sample Kolmogorov–Smirnov
     * statistic as far as the edges show it, so never above the exact one.
     */
    static double kolmogorovSmirnov(long[] reference, long[] window, int bins) {
        double n = total(Arrays.copyOf(reference, bins));
        double m = total(Arrays.copyOf(window, bins));
        if (n == 0 || m == 0) {
            return 0;
        }
        double largest = 0;
        long p = 0;
        long q = 0;
        for (int i = 0; i < bins; i++) {
            p += reference[i];
            q += window[i];
            largest = Math.max(largest, Math.abs(p / n - q / m));
        }
        return largest;
    }

    /**
     * P-values corrected so that among those below α at most a share of α is expected to be false alarms: Benjamini and
     * Hochberg, "Controlling the false discovery rate", Journal of the Royal Statistical Society B 57 (1995). Chosen over
     * Holm since a model has many columns and a missed drift costs more than one needless look.
     */
    static double[] benjaminiHochberg(double[] pValues) {
        int count = pValues.length;
        int[] order = IntStream.range(0, count)
                .boxed()
                .sorted((a, b) -> Double.compare(pValues[a], pValues[b]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] corrected = new double[count];
        double smallest = 1;
        for (int rank = count; rank >= 1; rank--) {
            int index = order[rank - 1];
            smallest = Math.min(smallest, pValues[index] * count / rank);
            corrected[index] = smallest;
        }
        return corrected;
    }

    private static int[] used(long[] reference, long[] window) {
        return IntStream.range(0, reference.length)
                .filter(i -> reference[i] + window[i] > 0)
                .toArray();
    }

    private static double total(long[] counts) {
        return Arrays.stream(counts).sum();
    }

    private static double square(double value) {
        return value * value;
    }
}
