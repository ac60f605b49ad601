package dev.millwright.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;

/** Asserts that the trainer's predictions are those of the graph: |Δ| ≤ 1e-6 + 1e-5·|p|, and equal labels. */
final class Parity {
    private Parity() {}

    static void holds(TrainedModel model, Frame frame) {
        Predictions trainer = model.predict(frame);
        try (OnnxRuntimeModel graph = new OnnxRuntimeModel(model)) {
            equal(trainer, graph.predict(frame), model.signature().threshold());
            int single = Math.min(frame.rows(), 5);
            for (int row = 0; row < single; row++) {
                Frame alone = frame.slice(row, row + 1);
                equal(
                        model.predict(alone),
                        graph.predict(alone),
                        model.signature().threshold());
            }
        }
    }

    private static void equal(Predictions trainer, Predictions graph, double threshold) {
        if (trainer instanceof Predictions.Values expected && graph instanceof Predictions.Values actual) {
            equal(expected.values(), actual.values());
            return;
        }
        Predictions.Classes expected = (Predictions.Classes) trainer;
        Predictions.Classes actual = (Predictions.Classes) graph;
        equal(expected.probabilities(), actual.probabilities());
        for (int row = 0; row < expected.rows(); row++) {
            boolean close = expected.classes().size() == 2
                    ? Math.abs(expected.probability(row, 1) - threshold) < 1e-6
                    : Math.abs(expected.probability(row, expected.labels()[row])
                                    - expected.probability(row, actual.labels()[row]))
                            < 1e-6;
            assertThat(close || expected.labels()[row] == actual.labels()[row])
                    .as("label of row " + row)
                    .isTrue();
        }
    }

    private static void equal(float[] expected, float[] actual) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(expected[i]).as("trainer's value " + i).isNotNaN();
            assertThat(Math.abs((double) expected[i] - actual[i]))
                    .as("value " + i + ": trainer " + expected[i] + ", graph " + actual[i])
                    .isLessThanOrEqualTo(1e-6 + 1e-5 * Math.abs(expected[i]));
        }
    }
}
