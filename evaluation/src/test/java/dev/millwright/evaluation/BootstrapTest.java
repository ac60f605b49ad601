package dev.millwright.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BootstrapTest {

    @Test
    void intervalsOfAccuracyCoverTheTruthAboutAsOftenAsTheySay() {
        double truth = 0.8;
        int simulations = 1_000;
        int covered = 0;
        SplittableRandom random = new SplittableRandom(1);
        for (int simulation = 0; simulation < simulations; simulation++) {
            int[] labels = new int[300];
            float[] scores = new float[labels.length];
            for (int row = 0; row < labels.length; row++) {
                labels[row] = random.nextInt(2);
                boolean right = random.nextDouble() < truth;
                scores[row] = (labels[row] == 1) == right ? 0.9f : 0.1f;
            }
            MetricValue value = only("accuracy", Fixtures.truth(labels), Fixtures.binary(scores), 400, simulation);
            covered += value.low() <= truth && truth <= value.high() ? 1 : 0;
        }
        assertThat((double) covered / simulations).isBetween(0.92, 0.98);
    }

    @Test
    void intervalsOfTheMeanSquaredErrorCoverTheTruthAboutAsOftenAsTheySay() {
        int simulations = 600;
        int covered = 0;
        SplittableRandom random = new SplittableRandom(2);
        for (int simulation = 0; simulation < simulations; simulation++) {
            double[] labels = new double[400];
            for (int row = 0; row < labels.length; row++) {
                labels[row] = 3 * random.nextGaussian();
            }
            MetricValue value = only(
                    "rmse",
                    new Labels.Values(labels),
                    new Predictions.Values(new float[labels.length]),
                    400,
                    simulation);
            covered += value.low() <= 3 && 3 <= value.high() ? 1 : 0;
        }
        assertThat((double) covered / simulations).isBetween(0.91, 0.98);
    }

    @Test
    void theIntervalOfAMeanIsAsWideAsTheNormalTheorySays() {
        Fixtures.Case rows = Fixtures.calibrated(5_000, 0, 3);
        MetricValue accuracy = only("accuracy", rows.labels(), rows.predictions(), 2_000, 4);
        double expected = 2 * 1.96 * Math.sqrt(accuracy.value() * (1 - accuracy.value()) / 5_000);
        assertThat(accuracy.high() - accuracy.low()).isCloseTo(expected, within(0.05 * expected));
    }

    @Test
    void theSameSeedGivesTheSameIntervals_anotherGivesOthers() {
        Fixtures.Case rows = Fixtures.calibrated(500, 0, 5);
        Evaluation first = Evaluator.evaluate(rows.labels(), rows.predictions(), 200, 1);
        assertThat(Evaluator.evaluate(rows.labels(), rows.predictions(), 200, 1).metrics())
                .isEqualTo(first.metrics());
        assertThat(Evaluator.evaluate(rows.labels(), rows.predictions(), 200, 2).metrics())
                .isNotEqualTo(first.metrics());
    }

    @Test
    void anUndefinedMetricHasNoInterval() {
        MetricValue value = only("roc_auc", Fixtures.truth(0, 0, 0), Fixtures.binary(0.1f, 0.2f, 0.3f), 100, 1);
        assertThat(value.isDefined()).isFalse();
        assertThat(value.hasInterval()).isFalse();
    }

    @Test
    void aMetricThatManyResamplesLeaveUndefinedHasAValueButNoInterval() {
        int[] labels = new int[100];
        labels[7] = 1; // drawn by only 63 % of resamples
        MetricValue value = only("roc_auc", Fixtures.truth(labels), Fixtures.binary(new float[100]), 300, 1);
        assertThat(value.value()).isEqualTo(0.5);
        assertThat(value.hasInterval()).isFalse();
    }

    @Test
    void pairedComparisonOfAModelWithItself_isATieThatDoesNotPass() {
        Fixtures.Case rows = Fixtures.calibrated(2_000, -1, 6);
        for (MetricSpec metric : Metrics.of(Task.BINARY)) {
            Comparison tie =
                    PairedBootstrap.compare(metric, rows.labels(), rows.predictions(), rows.predictions(), 100, 1);
            assertThat(tie.difference()).isZero();
            assertThat(tie.low()).isLessThanOrEqualTo(0);
            assertThat(tie.high()).isGreaterThanOrEqualTo(0);
            assertThat(tie.passes()).as(metric.name()).isFalse();
        }
    }

    @Test
    void pairedComparisonFavoursTheBetterModel_whicheverWayTheMetricGoes() {
        Fixtures.Case rows = Fixtures.calibrated(3_000, -1, 7);
        Predictions.Classes good = (Predictions.Classes) rows.predictions();
        SplittableRandom random = new SplittableRandom(8);
        float[] noisy = good.positive();
        for (int row = 0; row < noisy.length; row++) {
            noisy[row] = (float) (0.5 * noisy[row] + 0.5 * random.nextDouble());
        }
        for (String name : new String[] {"average_precision", "log_loss"}) {
            MetricSpec metric = Metrics.load(name, Task.BINARY);
            Predictions.Classes worse = Fixtures.binary(noisy);
            Comparison better = PairedBootstrap.compare(metric, rows.labels(), worse, good, 300, 1);
            assertThat(better.passes()).as(name).isTrue();
            assertThat(better.difference()).isBetween(better.low(), better.high());
            Comparison back = PairedBootstrap.compare(metric, rows.labels(), good, worse, 300, 1);
            assertThat(back.passes()).as(name + " the other way").isFalse();
            assertThat(back.high()).isCloseTo(-better.low(), within(1e-12));
        }
    }

    @Test
    void pairedComparisonOfEquallyGoodModelsRarelyPasses() {
        MetricSpec accuracy = Metrics.load("accuracy", Task.BINARY);
        int passed = 0;
        SplittableRandom random = new SplittableRandom(9);
        for (int simulation = 0; simulation < 400; simulation++) {
            int[] labels = new int[300];
            float[] champion = new float[labels.length];
            float[] challenger = new float[labels.length];
            for (int row = 0; row < labels.length; row++) {
                labels[row] = random.nextInt(2);
                champion[row] = random.nextDouble() < 0.8 ? labels[row] : 1 - labels[row];
                challenger[row] = random.nextDouble() < 0.8 ? labels[row] : 1 - labels[row];
            }
            Comparison comparison = PairedBootstrap.compare(
                    accuracy,
                    Fixtures.truth(labels),
                    Fixtures.binary(champion),
                    Fixtures.binary(challenger),
                    300,
                    simulation);
            passed += comparison.passes() ? 1 : 0;
        }
        assertThat(passed / 400.0).as("about 2.5 % by chance").isLessThan(0.05);
    }

    @Test
    void anUndefinedComparisonDoesNotPass() {
        Comparison comparison = PairedBootstrap.compare(
                Metrics.load("roc_auc", Task.BINARY),
                Fixtures.truth(1, 1),
                Fixtures.binary(0.1f, 0.2f),
                Fixtures.binary(0.9f, 0.8f),
                50,
                1);
        assertThat(comparison.difference()).isNaN();
        assertThat(comparison.passes()).isFalse();
    }

    private static MetricValue only(String name, Labels labels, Predictions predictions, int resamples, long seed) {
        return Evaluator.metrics(List.of(Metrics.find(name).orElseThrow()), labels, predictions, resamples, seed)
                .getFirst();
    }
}
