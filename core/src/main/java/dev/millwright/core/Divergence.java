package dev.millwright.core;

import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** How far apart two samples are that were counted in the same bins. Pure functions. */
public final class Divergence {
    /** Added to each bin, so that an empty one doesn't make the index infinite: Jeffreys' prior for a share. */
    private static final double SMOOTHING = 0.5;

    private Divergence() {}

    /**
     * Population stability index, Σ (q−p)·ln(q/p): the symmetric Kullback–Leibler divergence (Jeffreys, 1946), as credit
     * scoring uses it. Bins that are empty on both sides are left out. Below 0.1 is taken for no change, above 0.2 for a large
     * one.
     *
     * @param reference counts, one a bin
     * @param sample counts in the same bins
     */
    public static double psi(long[] reference, long[] sample) {
        int[] bins = IntStream.range(0, reference.length)
                .filter(i -> reference[i] + sample[i] > 0)
                .toArray();
        double n = total(reference) + SMOOTHING * bins.length;
        double m = total(sample) + SMOOTHING * bins.length;
        double psi = 0;
        for (int bin : bins) {
            double p = (reference[bin] + SMOOTHING) / n;
            double q = (sample[bin] + SMOOTHING) / m;
            psi += (q - p) * Math.log(q / p);
        }
        return psi;
    }

    /** Jensen–Shannon distance in base 2, from 0 (same) to 1 (nothing in common); 0 when a side is empty. */
    public static double jensenShannon(long[] reference, long[] sample) {
        double n = total(reference);
        double m = total(sample);
        if (n == 0 || m == 0) {
            return 0;
        }
        double divergence = 0;
        for (int i = 0; i < reference.length; i++) {
            double p = reference[i] / n;
            double q = sample[i] / m;
            double middle = (p + q) / 2;
            divergence += (part(p, middle) + part(q, middle)) / 2;
        }
        return Math.sqrt(Math.max(0, divergence) / Math.log(2));
    }

    private static double part(double share, double middle) {
        return share == 0 ? 0 : share * Math.log(share / middle);
    }

    private static double total(long[] counts) {
        return LongStream.of(counts).sum();
    }
}
