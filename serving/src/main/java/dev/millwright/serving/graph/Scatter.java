package dev.millwright.serving.graph;

import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import java.util.List;

/** Puts the answers for some of the rows into their places among all. For one thread. */
final class Scatter {
    private final List<String> classes;
    private final int width;
    private final float[] numbers;
    private final int[] labels;

    Scatter(ModelSignature signature, int rows) {
        this.classes = signature.classes();
        this.width = Math.max(1, classes.size());
        this.numbers = new float[rows * width];
        this.labels = new int[classes.isEmpty() ? 0 : rows];
    }

    /** @param rows the places of the answers */
    void put(int[] rows, Predictions answers) {
        float[] values = switch (answers) {
            case Predictions.Classes found -> found.probabilities();
            case Predictions.Values(float[] found) -> found;
        };
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(values, i * width, numbers, rows[i] * width, width);
            if (answers instanceof Predictions.Classes found) {
                labels[rows[i]] = found.labels()[i];
            }
        }
    }

    Predictions all() {
        return classes.isEmpty() ? new Predictions.Values(numbers) : new Predictions.Classes(classes, numbers, labels);
    }
}
