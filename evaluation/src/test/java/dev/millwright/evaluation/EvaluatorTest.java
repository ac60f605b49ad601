package dev.millwright.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EvaluatorTest {

    @Test
    void evaluatesTwoClasses_withEveryMetricInOrderAndConsistentTables() {
        Fixtures.Case rows = Fixtures.calibrated(20_000, -2, 1);
        Evaluation evaluation = Evaluator.evaluate(rows.labels(), rows.predictions(), 50, 1);
        assertThat(evaluation.task()).isEqualTo(Task.BINARY);
        assertThat(evaluation.metrics().stream().map(MetricValue::name)).isEqualTo(Metrics.names(Task.BINARY));
        assertThat(evaluation.metrics())
                .allSatisfy(value -> assertThat(value.value()).isBetween(value.low(), value.high()));
        Diagnostics.Binary binary = (Diagnostics.Binary) evaluation.diagnostics();
        assertThat(binary.confusion().rows()).isEqualTo(20_000);
        assertThat(binary.roc()).hasSizeLessThan(900);
        assertThat(binary.calibration().expectedError()).isLessThan(0.02);
        assertThat(binary.calibration().bins()).hasSize(10);
        assertThat(binary.lift().getLast().found()).isCloseTo(1, within(1e-12));
        assertThat(binary.lift().stream().mapToDouble(Diagnostics.LiftRow::lift).average())
                .hasValueCloseTo(1.0, within(1e-9));
        ThresholdRow half = binary.thresholds().stream()
                .filter(row -> row.threshold() == 0.5)
                .findFirst()
                .orElseThrow();
        assertThat(half.precision()).isEqualTo(binary.confusion().precision(1));
        assertThat(half.recall()).isEqualTo(binary.confusion().recall(1));
        assertThat(half.trueNegatives()).isEqualTo(binary.confusion().counts()[0][0]);
    }

    @Test
    void theBestThresholdHasTheGreatestF1OfAll() {
        Fixtures.Case rows = Fixtures.calibrated(2_000, -2, 2);
        RankedScores ranked = Classified.of(rows.labels(), rows.predictions()).ranked(1);
        double best = ranked.atThresholds(ranked.bestF1Threshold()).getFirst().f1();
        for (float score : ((Predictions.Classes) rows.predictions()).positive()) {
            assertThat(ranked.atThresholds(score).getFirst().f1()).isLessThanOrEqualTo(best);
        }
    }

    @Test
    void thinningACurveHardlyMovesIt() {
        Fixtures.Case rows = Fixtures.calibrated(50_000, -1, 3);
        List<CurvePoint> whole =
                Classified.of(rows.labels(), rows.predictions()).ranked(1).roc();
        List<CurvePoint> thin = Evaluator.thin(whole);
        assertThat(thin.getFirst()).isEqualTo(whole.getFirst());
        assertThat(thin.getLast()).isEqualTo(whole.getLast());
        assertThat(area(thin)).isCloseTo(area(whole), within(2e-4));
    }

    private static double area(List<CurvePoint> points) {
        double area = 0;
        for (int i = 1; i < points.size(); i++) {
            CurvePoint from = points.get(i - 1);
            CurvePoint to = points.get(i);
            area += (to.x() - from.x()) * (to.y() + from.y()) / 2;
        }
        return area;
    }

    @Test
    void wilsonIntervalsEqualThePublishedOnes() {
        // Newcombe, "Two-sided confidence intervals for the single proportion", Stat. Med. 17 (1998), table I, method 3
        assertInterval(81, 263, 0.2553, 0.3662);
        assertInterval(15, 148, 0.0624, 0.1605);
        assertInterval(0, 20, 0.0000, 0.1611);
        assertInterval(1, 29, 0.0061, 0.1718);
    }

    private static void assertInterval(long positives, long rows, double low, double high) {
        Calibration.Bin bin = Calibration.Bin.of(rows, positives, 0);
        assertThat(bin.low()).isCloseTo(low, within(5e-5));
        assertThat(bin.high()).isCloseTo(high, within(5e-5));
    }

    @Test
    void evaluatesSeveralClasses_alsoWhenOneNeverOccurs() {
        Fixtures.Case rows = Fixtures.load("class_absent");
        Evaluation evaluation = Evaluator.evaluate(rows.labels(), rows.predictions(), 20, 1);
        assertThat(evaluation.task()).isEqualTo(Task.MULTICLASS);
        Diagnostics.Multiclass multiclass = (Diagnostics.Multiclass) evaluation.diagnostics();
        assertThat(multiclass.classes()).hasSize(3);
        assertThat(multiclass.classes().get(2).support()).isZero();
        assertThat(multiclass.classes().get(2).roc()).isEmpty();
        assertThat(multiclass.classes().get(2).rocAuc()).isNaN();
    }

    @Test
    void evaluatesARegression() {
        SplittableRandom random = new SplittableRandom(4);
        double[] truth = new double[5_000];
        float[] predicted = new float[truth.length];
        for (int row = 0; row < truth.length; row++) {
            predicted[row] = (float) (100 * random.nextDouble());
            truth[row] = predicted[row] + 2 + 5 * random.nextGaussian();
        }
        Evaluation evaluation = Evaluator.evaluate(new Labels.Values(truth), new Predictions.Values(predicted), 100, 1);
        ResidualSummary residuals = ((Diagnostics.Regression) evaluation.diagnostics()).residuals();
        assertThat(residuals.mean()).isCloseTo(2, within(0.3));
        assertThat(residuals.deviation()).isCloseTo(5, within(0.2));
        assertThat(residuals.histogram().stream()
                        .mapToLong(ResidualSummary.HistogramBin::rows)
                        .sum())
                .isEqualTo(5_000);
        assertThat(residuals.sample()).hasSize(400);
        assertThat(residuals.bands())
                .hasSize(12)
                .allSatisfy(band -> assertThat(band.median()).isBetween(0.0, 4.0));
    }

    @Test
    void evaluatesASingleRow() {
        Evaluation one = Evaluator.evaluate(Fixtures.truth(1), Fixtures.binary(0.8f), 10, 1);
        assertThat(one.find("accuracy").orElseThrow().value()).isEqualTo(1);
        assertThat(one.find("roc_auc").orElseThrow().isDefined()).isFalse();
        Evaluation number =
                Evaluator.evaluate(new Labels.Values(new double[] {2}), new Predictions.Values(new float[] {1}), 10, 1);
        assertThat(number.find("rmse").orElseThrow().value()).isEqualTo(1);
        assertThat(number.find("r2").orElseThrow().isDefined()).isFalse();
    }

    @Test
    void matchesClassesByName_whenTheModelOrdersThemOtherwise() {
        Predictions.Classes turned =
                new Predictions.Classes(List.of("yes", "no"), new float[] {0.9f, 0.1f, 0.2f, 0.8f}, new int[] {0, 1});
        MetricSpec auc = Metrics.load("roc_auc", Task.BINARY);
        assertThat(auc.compute(Fixtures.truth(1, 0), turned)).isEqualTo(1);
        assertThat(Metrics.load("accuracy", Task.BINARY).compute(Fixtures.truth(1, 0), turned))
                .isEqualTo(1);
    }

    @Test
    void aClassThatTheModelNeverSawHasProbabilityZero() {
        Labels.Classes labels = new Labels.Classes(List.of("a", "b", "c"), new int[] {0, 1, 2});
        Predictions.Classes predictions = new Predictions.Classes(
                List.of("a", "b"), new float[] {0.75f, 0.25f, 0.25f, 0.75f, 0.5f, 0.5f}, new int[] {0, 1, 0});
        Classified rows = Classified.of(labels, predictions);
        assertThat(rows.probability(2, 2)).isZero();
        assertThat(Metrics.load("accuracy", Task.MULTICLASS).compute(labels, predictions))
                .isCloseTo(2 / 3.0, within(1e-12));
    }

    @Test
    void refusesRowsThatDoNotMatch() {
        assertThatThrownBy(() -> Evaluator.evaluate(Fixtures.truth(0, 1), Fixtures.binary(0.5f), 10, 1))
                .hasMessage("predictions: 1 rows (expected: 2, as many as labels)."
                        + " Predict exactly the rows that the labels belong to.");
    }

    @Test
    void refusesNoRows() {
        assertThatThrownBy(() -> Evaluator.evaluate(Fixtures.truth(), Fixtures.binary(), 10, 1))
                .hasMessageStartingWith("labels: 0 rows (expected: at least one)");
    }

    @Test
    void refusesBrokenPredictions() {
        assertThatThrownBy(() -> Evaluator.evaluate(Fixtures.truth(0, 1), Fixtures.binary(0.5f, Float.NaN), 10, 1))
                .hasMessageStartingWith("probabilities: NaN in row 1 (expected: between 0 and 1)");
        assertThatThrownBy(() -> Evaluator.evaluate(
                        new Labels.Values(new double[] {1, 2}),
                        new Predictions.Values(new float[] {1, Float.POSITIVE_INFINITY}),
                        10,
                        1))
                .hasMessageStartingWith("row 1: label 2.0, prediction Infinity (expected: finite numbers)");
    }

    @Test
    void refusesPredictionsOfAnotherTask() {
        assertThatThrownBy(() ->
                        Evaluator.evaluate(Fixtures.truth(0, 1), new Predictions.Values(new float[] {1, 2}), 10, 1))
                .hasMessageStartingWith("labels: classes, predictions: numbers (expected: classes of both)");
    }

    @Test
    void rejectsAnUnknownMetric_withASuggestion() {
        assertThatThrownBy(() -> Metrics.load("rocauc", Task.BINARY))
                .hasMessage("metric: rocauc (expected: a known metric). Did you mean 'roc_auc'?");
        assertThatThrownBy(() -> Metrics.load("rmse", Task.BINARY))
                .hasMessageStartingWith("metric: rmse (expected: one for binary).");
    }

    @Test
    void everyMetricNamesItsTasks() {
        for (Task task : Task.values()) {
            assertThat(Metrics.names(task)).isNotEmpty().doesNotHaveDuplicates();
        }
        assertThat(Arrays.stream(Task.values()).flatMap(task -> Metrics.of(task).stream()))
                .allSatisfy(metric -> assertThat(Metrics.find(metric.name())).isPresent());
    }
}
