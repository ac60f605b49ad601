package dev.millwright.monitoring;

import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.monitoring.QualityReport.Verdict;

/**
 * Holds a metric over labelled predictions against a limit. The metric and its confidence interval are passed in.
 *
 * @param metric its name
 * @param bound whether the limit is the least or the most that is good
 * @param minimumLabels below which nothing is judged
 */
public record QualityMonitor(
        String metric, Metric function, Interval interval, Bound bound, double limit, long minimumLabels) {
    /** A metric. */
    @FunctionalInterface
    public interface Metric {
        double of(Labels labels, Predictions predictions);
    }

    /** A confidence interval of the metric, by bootstrap. */
    @FunctionalInterface
    public interface Interval {
        /** Two numbers: lower and upper bound. */
        double[] of(Labels labels, Predictions predictions);
    }

    /** Which side of the limit is good. */
    public enum Bound {
        AT_LEAST,
        AT_MOST
    }

    public QualityMonitor {
        if (Double.isNaN(limit)) {
            throw new IllegalArgumentException("limit: NaN (expected: a number)");
        }
        if (minimumLabels < 1) {
            throw new IllegalArgumentException("minimumLabels: " + minimumLabels + " (expected: at least 1)");
        }
    }

    /** Judges predictions whose outcome is known. */
    public QualityReport evaluate(Labels labels, Predictions predictions) {
        if (labels.rows() < minimumLabels) {
            return new QualityReport(
                    metric, Double.NaN, Double.NaN, Double.NaN, limit, labels.rows(), Verdict.TOO_FEW_LABELS);
        }
        double value = function.of(labels, predictions);
        double[] bounds = interval.of(labels, predictions);
        return new QualityReport(
                metric, value, bounds[0], bounds[1], limit, labels.rows(), verdict(value, bounds[0], bounds[1]));
    }

    private Verdict verdict(double value, double lower, double upper) {
        if (Double.isNaN(value)) {
            // A metric that is undefined on these labels (one class only, say) proves nothing.
            return Verdict.UNSURE;
        }
        boolean good = switch (bound) {
            case AT_LEAST -> value >= limit;
            case AT_MOST -> value <= limit;
        };
        boolean surelyBad = switch (bound) {
            case AT_LEAST -> upper < limit;
            case AT_MOST -> lower > limit;
        };
        return good ? Verdict.GOOD : surelyBad ? Verdict.BAD : Verdict.UNSURE;
    }
}
