package dev.millwright.core;

import java.util.List;

/** What a model said about a batch of rows. Arrays are shared, not copied: treat them as read-only. */
public sealed interface Predictions {
    int rows();

    /**
     * What a classifier said: a probability for each class, and the class that it chose.
     *
     * @param classes the classes in the order of the probabilities
     * @param probabilities row by row: {@code probabilities[row * classes.size() + class]}
     * @param labels per row, the position in {@code classes} of the label that the model chose
     */
    record Classes(List<String> classes, float[] probabilities, int[] labels) implements Predictions {
        public Classes {
            classes = List.copyOf(classes);
            if (probabilities.length != labels.length * classes.size()) {
                throw new IllegalArgumentException("probabilities: " + probabilities.length + " values (expected: "
                        + labels.length + " × " + classes.size() + ")");
            }
        }

        @Override
        public int rows() {
            return labels.length;
        }

        public float probability(int row, int classIndex) {
            return probabilities[row * classes.size() + classIndex];
        }

        /** Per row, the probability of the second of two classes. */
        public float[] positive() {
            float[] scores = new float[labels.length];
            for (int row = 0; row < scores.length; row++) {
                scores[row] = probability(row, 1);
            }
            return scores;
        }
    }

    /** The output {@code prediction} of a regressor. */
    record Values(float[] values) implements Predictions {
        @Override
        public int rows() {
            return values.length;
        }
    }
}
