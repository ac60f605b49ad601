package dev.millwright.monitoring;

/**
 * How good the predictions of a window turned out to be.
 *
 * @param value of the metric, NaN when there are too few labels
 * @param lower of its confidence interval
 * @param upper of its confidence interval
 * @param limit what the pipeline file asks for
 * @param labels known outcomes
 */
public record QualityReport(
        String metric, double value, double lower, double upper, double limit, long labels, Verdict verdict) {
    /** What the figures say. */
    public enum Verdict {
        TOO_FEW_LABELS,
        GOOD,
        /** On the wrong side of the limit, but that could be chance. */
        UNSURE,
        /** On the wrong side of the limit with the whole confidence interval. */
        BAD
    }
}
