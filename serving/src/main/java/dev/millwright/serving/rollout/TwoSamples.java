package dev.millwright.serving.rollout;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * Whether two binned samples come from one distribution: the population stability index for how much they differ, and
 * Pearson's chi-square test of homogeneity for whether that could be chance.
 *
 * @param psi Σ (p−q)·ln(p/q) over the merged bins, each with half a count added so that an empty one stays finite
 * @param pValue of the chi-square test, 1 when there is but one bin
 */
record TwoSamples(double psi, double pValue) {
    private static final int GROUPS = 10;

    /** Neighbouring bins are merged until each holds about a tenth of both samples together. */
    static TwoSamples compare(long[] first, long[] second) {
        List<long[]> groups = merge(first, second);
        long firstTotal = groups.stream().mapToLong(group -> group[0]).sum();
        long secondTotal = groups.stream().mapToLong(group -> group[1]).sum();
        if (firstTotal == 0 || secondTotal == 0 || groups.size() < 2) {
            return new TwoSamples(0, 1);
        }
        double psi = 0;
        double chiSquare = 0;
        double total = (double) firstTotal + secondTotal;
        for (long[] group : groups) {
            double p = (group[0] + 0.5) / (firstTotal + 0.5 * groups.size());
            double q = (group[1] + 0.5) / (secondTotal + 0.5 * groups.size());
            psi += (p - q) * Math.log(p / q);
            double pooled = (group[0] + group[1]) / total;
            chiSquare += square(group[0] - pooled * firstTotal) / (pooled * firstTotal);
            chiSquare += square(group[1] - pooled * secondTotal) / (pooled * secondTotal);
        }
        double pValue = ChiSquaredDistribution.of(groups.size() - 1.0).survivalProbability(chiSquare);
        return new TwoSamples(psi, pValue);
    }

    private static double square(double value) {
        return value * value;
    }

    private static List<long[]> merge(long[] first, long[] second) {
        long total = 0;
        for (int i = 0; i < first.length; i++) {
            total += first[i] + second[i];
        }
        List<long[]> groups = new ArrayList<>();
        long[] group = new long[2];
        for (int i = 0; i < first.length; i++) {
            group[0] += first[i];
            group[1] += second[i];
            if ((group[0] + group[1]) * GROUPS >= total && total > 0) {
                groups.add(group);
                group = new long[2];
            }
        }
        if (group[0] + group[1] > 0) {
            groups.add(group);
        }
        return groups;
    }
}
