package dev.millwright.serving.graph;

import dev.millwright.core.Predictions;
import java.util.List;

/**
 * Brings the probabilities of classes into another order.
 *
 * @param classes in the order that is wanted
 * @param from where each of them stands in what comes; empty when it comes in that order
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ClassOrder(List<String> classes, int[] from) {
    static ClassOrder of(List<String> found, List<String> wanted) {
        return new ClassOrder(
                wanted,
                found.equals(wanted)
                        ? new int[0]
                        : wanted.stream().mapToInt(found::indexOf).toArray());
    }

    Predictions apply(Predictions predictions) {
        if (from.length == 0 || !(predictions instanceof Predictions.Classes found)) {
            return predictions;
        }
        float[] probabilities = new float[found.probabilities().length];
        int[] labels = new int[found.rows()];
        for (int row = 0; row < labels.length; row++) {
            for (int c = 0; c < from.length; c++) {
                probabilities[row * from.length + c] = found.probability(row, from[c]);
                if (found.labels()[row] == from[c]) {
                    labels[row] = c;
                }
            }
        }
        return new Predictions.Classes(classes, probabilities, labels);
    }
}
