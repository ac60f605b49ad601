package dev.millwright.monitoring;

import java.util.List;

/**
 * How a window of predictions differs from the reference.
 *
 * @param rows of the window
 * @param enoughRows whether they suffice to call anything drift
 * @param columns features first, then outputs
 */
public record DriftReport(long rows, boolean enoughRows, List<ColumnDrift> columns, DriftOptions options) {
    /** Which side of the model a column is on. */
    public enum Side {
        FEATURE,
        OUTPUT
    }

    /**
     * One column's difference.
     *
     * @param psi population stability index, the effect size that decides
     * @param jensenShannon distance, 0 to 1 (base 2)
     * @param kolmogorovSmirnov largest difference of the cumulative shares at the edges of the bins, for numbers; 0 for
     *     words
     * @param pValue of the chi-square test of homogeneity over the bins
     * @param correctedPValue by Benjamini and Hochberg over all columns
     * @param bins what the counts stand for, the last being missing values
     */
    public record ColumnDrift(
            String column,
            Side side,
            double psi,
            double jensenShannon,
            double kolmogorovSmirnov,
            double pValue,
            double correctedPValue,
            double referenceMissing,
            double windowMissing,
            boolean drifted,
            List<String> bins,
            long[] referenceCounts,
            long[] windowCounts) {
        public ColumnDrift {
            bins = List.copyOf(bins);
        }
    }

    public DriftReport {
        columns = List.copyOf(columns);
    }

    /** The columns that drifted, the largest effect first. */
    public List<ColumnDrift> drifted() {
        return columns.stream()
                .filter(ColumnDrift::drifted)
                .sorted(java.util.Comparator.comparingDouble(ColumnDrift::psi).reversed())
                .toList();
    }

    /** The largest population stability index of all columns, 0 without columns. */
    public double largestPsi() {
        return columns.stream().mapToDouble(ColumnDrift::psi).max().orElse(0);
    }
}
