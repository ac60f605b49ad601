package dev.millwright.monitoring;

import dev.millwright.core.Predictions;
import java.util.List;

/** Picks rows of predictions. */
final class PredictionRows {
    private PredictionRows() {}

    /** The rows with these indices, in that order. */
    static Predictions select(Predictions predictions, int[] rows) {
        return switch (predictions) {
            case Predictions.Classes(List<String> classes, float[] probabilities, int[] labels) -> {
                int width = classes.size();
                float[] selected = new float[rows.length * width];
                int[] chosen = new int[rows.length];
                for (int i = 0; i < rows.length; i++) {
                    System.arraycopy(probabilities, rows[i] * width, selected, i * width, width);
                    chosen[i] = labels[rows[i]];
                }
                yield new Predictions.Classes(classes, selected, chosen);
            }
            case Predictions.Values(float[] values) -> {
                float[] selected = new float[rows.length];
                for (int i = 0; i < rows.length; i++) {
                    selected[i] = values[rows[i]];
                }
                yield new Predictions.Values(selected);
            }
        };
    }
}
