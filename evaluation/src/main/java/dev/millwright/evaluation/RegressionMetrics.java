package dev.millwright.evaluation;

import dev.millwright.core.Labels;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Predictions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Metrics of regressors, as scikit-learn defines them save where said. */
final class RegressionMetrics {
    private RegressionMetrics() {}

    /** Truth and residual (truth − prediction) of each row. */
    record Residuals(double[] truth, double[] residual) {
        static Residuals of(Labels labels, Predictions predictions) {
            if (!(labels instanceof Labels.Values known) || !(predictions instanceof Predictions.Values said)) {
                throw new MillwrightException(
                        EvaluationError.LABELS_DO_NOT_MATCH,
                        "labels: " + (labels instanceof Labels.Values ? "numbers" : "classes") + ", predictions: "
                                + (predictions instanceof Predictions.Values ? "numbers" : "classes")
                                + " (expected: numbers of both). Choose a metric that fits the task.");
            }
            Classified.requireRows(labels, predictions);
            double[] residual = new double[known.rows()];
            for (int row = 0; row < residual.length; row++) {
                residual[row] = known.values()[row] - said.values()[row];
                if (!Double.isFinite(residual[row])) {
                    throw new MillwrightException(
                            EvaluationError.NOT_FINITE,
                            "row " + row + ": label " + known.values()[row] + ", prediction " + said.values()[row]
                                    + " (expected: finite numbers). Leave rows without a label out before evaluating.");
                }
            }
            return new Residuals(known.values(), residual);
        }
    }

    static Statistic rmse(Labels labels, Predictions predictions) {
        double[] squares = Arrays.stream(Residuals.of(labels, predictions).residual())
                .map(residual -> residual * residual)
                .toArray();
        return counts -> Math.sqrt(ClassificationMetrics.mean(squares, counts));
    }

    static Statistic mae(Labels labels, Predictions predictions) {
        double[] absolute = absolute(Residuals.of(labels, predictions));
        return counts -> ClassificationMetrics.mean(absolute, counts);
    }

    /** 1 − residual sum of squares ÷ sum of squares around the mean; NaN when the truth is constant. */
    static Statistic r2(Labels labels, Predictions predictions) {
        Residuals rows = Residuals.of(labels, predictions);
        double[] truth = rows.truth();
        double[] squares = Arrays.stream(rows.residual())
                .map(residual -> residual * residual)
                .toArray();
        return counts -> {
            double mean = ClassificationMetrics.mean(truth, counts);
            double residual = 0;
            double total = 0;
            for (int row = 0; row < truth.length; row++) {
                residual += counts[row] * squares[row];
                total += counts[row] * (truth[row] - mean) * (truth[row] - mean);
            }
            return total > 0 ? 1 - residual / total : Double.NaN;
        };
    }

    /** The middle absolute residual; the mean of the two middle ones of an even number. */
    static Statistic medianAbsoluteError(Labels labels, Predictions predictions) {
        double[] absolute = absolute(Residuals.of(labels, predictions));
        int[] order = IntStream.range(0, absolute.length)
                .boxed()
                .sorted(Comparator.comparingDouble(row -> absolute[row]))
                .mapToInt(Integer::intValue)
                .toArray();
        return counts -> median(absolute, order, counts);
    }

    private static double median(double[] values, int[] order, int[] counts) {
        long rows = 0;
        for (int count : counts) {
            rows += count;
        }
        long seen = 0;
        double lower = Double.NaN;
        for (int row : order) {
            seen += counts[row];
            if (Double.isNaN(lower) && 2 * seen >= rows && seen > 0) {
                lower = values[row];
            }
            if (2 * seen > rows) {
                return (lower + values[row]) / 2;
            }
        }
        return Double.NaN;
    }

    /**
     * Mean of |residual| ÷ |truth|, as a fraction. NaN when a row's truth is 0: relative error does not exist there
     * (Hyndman and Koehler 2006), and scikit-learn's stand-in, a division by 2.2e-16, only looks like a number.
     */
    static Statistic mape(Labels labels, Predictions predictions) {
        Residuals rows = Residuals.of(labels, predictions);
        double[] relative = new double[rows.truth().length];
        for (int row = 0; row < relative.length; row++) {
            relative[row] =
                    rows.truth()[row] == 0 ? Double.NaN : Math.abs(rows.residual()[row]) / Math.abs(rows.truth()[row]);
        }
        return counts -> ClassificationMetrics.mean(relative, counts);
    }

    private static double[] absolute(Residuals rows) {
        return Arrays.stream(rows.residual()).map(Math::abs).toArray();
    }
}
