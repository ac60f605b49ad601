package dev.millwright.evaluation;

/** The outcome of taking as positive what scores at least {@code threshold}; rates are NaN where undefined. */
public record ThresholdRow(
        double threshold, long truePositives, long falsePositives, long falseNegatives, long trueNegatives) {

    public double precision() {
        return (double) truePositives / (truePositives + falsePositives);
    }

    public double recall() {
        return (double) truePositives / (truePositives + falseNegatives);
    }

    public double f1() {
        return 2.0 * truePositives / (2 * truePositives + falsePositives + falseNegatives);
    }

    /** The share of all rows that are taken as positive. */
    public double flagged() {
        return (double) (truePositives + falsePositives)
                / (truePositives + falsePositives + falseNegatives + trueNegatives);
    }
}
