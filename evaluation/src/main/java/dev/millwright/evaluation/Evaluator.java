package dev.millwright.evaluation;

import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Judges predictions against what really happened. Pure and deterministic under its seed. */
public final class Evaluator {
    private static final double[] THRESHOLDS = {0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05};
    private static final int TENTHS = 10;

    /** Points nearer than this to the last one drawn are left out: less than a pixel of a chart 360 wide. */
    private static final double THINNING = 1 / 400.0;

    private Evaluator() {}

    /**
     * All metrics of the task with intervals, and what their pictures are drawn from. The task follows from the labels.
     *
     * @param resamples of the bootstrap, at least 1; {@link #defaultResamples} suggests a number
     */
    public static Evaluation evaluate(Labels labels, Predictions predictions, int resamples, long seed) {
        Task task = task(labels);
        Diagnostics diagnostics = switch (task) {
            case BINARY -> binary(Classified.of(labels, predictions));
            case MULTICLASS -> multiclass(Classified.of(labels, predictions));
            case REGRESSION ->
                new Diagnostics.Regression(
                        ResidualSummary.of(RegressionMetrics.Residuals.of(labels, predictions), seed));
        };
        return new Evaluation(
                task,
                labels.rows(),
                resamples,
                metrics(Metrics.of(task), labels, predictions, resamples, seed),
                diagnostics);
    }

    /** Chosen metrics with intervals, without the curves. */
    public static List<MetricValue> metrics(
            List<MetricSpec> metrics, Labels labels, Predictions predictions, int resamples, long seed) {
        Statistic[] statistics = metrics.stream()
                .map(metric -> metric.definition().prepare(labels, predictions))
                .toArray(Statistic[]::new);
        int[] once = new int[labels.rows()];
        Arrays.fill(once, 1);
        double[][] resampled = Bootstrap.resample(statistics, labels.rows(), resamples, seed);
        List<MetricValue> values = new ArrayList<>();
        for (int i = 0; i < statistics.length; i++) {
            double value = statistics[i].at(once);
            Bootstrap.Interval interval = Double.isNaN(value)
                    ? new Bootstrap.Interval(Double.NaN, Double.NaN)
                    : Bootstrap.interval(resampled[i]);
            values.add(new MetricValue(metrics.get(i).name(), value, interval.low(), interval.high()));
        }
        return List.copyOf(values);
    }

    /**
     * 1,000 resamples, or 200 on more than 50,000 rows. The ends of an interval from 200 are a little noisier, but with so
     * many rows the interval is narrow.
     */
    public static int defaultResamples(int rows) {
        return rows > 50_000 ? 200 : 1_000;
    }

    /** Which task labels belong to. */
    public static Task task(Labels labels) {
        return switch (labels) {
            case Labels.Classes classes -> classes.classes().size() == 2 ? Task.BINARY : Task.MULTICLASS;
            case Labels.Values values -> Task.REGRESSION;
        };
    }

    private static Diagnostics.Binary binary(Classified rows) {
        RankedScores ranked = rows.ranked(1);
        List<CurvePoint> gains = ranked.gains();
        return new Diagnostics.Binary(
                (double) ranked.positives() / rows.rows(),
                ConfusionMatrix.of(rows),
                thin(ranked.roc()),
                thin(ranked.precisionRecall()),
                Calibration.of(rows.scores(1), rows.isClass(1)),
                thin(gains),
                lift(gains, (double) ranked.positives() / rows.rows()),
                ranked.atThresholds(THRESHOLDS),
                ranked.bestF1Threshold());
    }

    private static Diagnostics.Multiclass multiclass(Classified rows) {
        ConfusionMatrix confusion = ConfusionMatrix.of(rows);
        int[] once = new int[rows.rows()];
        Arrays.fill(once, 1);
        List<Diagnostics.ClassSummary> classes = new ArrayList<>();
        for (int k = 0; k < rows.classes().size(); k++) {
            RankedScores ranked = rows.ranked(k);
            classes.add(new Diagnostics.ClassSummary(
                    rows.classes().get(k),
                    confusion.support(k),
                    confusion.precision(k),
                    confusion.recall(k),
                    confusion.f1(k),
                    ranked.rocAuc(once),
                    ranked.averagePrecision(once),
                    thin(ranked.roc())));
        }
        float[] confidence = new float[rows.rows()];
        boolean[] right = new boolean[rows.rows()];
        for (int row = 0; row < confidence.length; row++) {
            confidence[row] = rows.probability(row, rows.chosen()[row]);
            right[row] = rows.chosen()[row] == rows.truth()[row];
        }
        return new Diagnostics.Multiclass(confusion, classes, Calibration.of(confidence, right));
    }

    /** Rows with equal scores are spread evenly, as if taken in random order. */
    private static List<Diagnostics.LiftRow> lift(List<CurvePoint> gains, double baseRate) {
        List<Diagnostics.LiftRow> rows = new ArrayList<>();
        if (gains.isEmpty()) {
            return rows;
        }
        double before = 0;
        int next = 1;
        for (int tenth = 1; tenth <= TENTHS; tenth++) {
            double upTo = (double) tenth / TENTHS;
            while (next < gains.size() - 1 && gains.get(next).x() < upTo) {
                next++;
            }
            CurvePoint from = gains.get(next - 1);
            CurvePoint to = gains.get(next);
            double found = from.y() + (upTo - from.x()) / (to.x() - from.x()) * (to.y() - from.y());
            double lift = (found - before) * TENTHS;
            rows.add(new Diagnostics.LiftRow(upTo, lift * baseRate, lift, found));
            before = found;
        }
        return rows;
    }

    static List<CurvePoint> thin(List<CurvePoint> points) {
        List<CurvePoint> kept = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            CurvePoint point = points.get(i);
            CurvePoint last = kept.isEmpty() ? point : kept.getLast();
            if (i == 0
                    || i == points.size() - 1
                    || Math.abs(point.x() - last.x()) >= THINNING
                    || Math.abs(point.y() - last.y()) >= THINNING) {
                kept.add(point);
            }
        }
        return kept;
    }
}
