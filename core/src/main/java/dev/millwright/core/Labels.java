package dev.millwright.core;

import java.util.List;

/** The known outcomes of a batch of rows. Arrays are shared, not copied: treat them as read-only. */
public sealed interface Labels {
    int rows();

    Labels select(int[] rows);

    /**
     * Outcomes of a classification.
     *
     * @param classes at least two, in the order of the model's probabilities; of two, the second is the positive one
     * @param indices per row, the position of its class in {@code classes}
     */
    record Classes(List<String> classes, int[] indices) implements Labels {
        public Classes {
            classes = List.copyOf(classes);
        }

        @Override
        public int rows() {
            return indices.length;
        }

        @Override
        public Classes select(int[] rows) {
            int[] selected = new int[rows.length];
            for (int i = 0; i < rows.length; i++) {
                selected[i] = indices[rows[i]];
            }
            return new Classes(classes, selected);
        }
    }

    /** Outcomes of a regression. */
    record Values(double[] values) implements Labels {
        @Override
        public int rows() {
            return values.length;
        }

        @Override
        public Values select(int[] rows) {
            double[] selected = new double[rows.length];
            for (int i = 0; i < rows.length; i++) {
                selected[i] = values[rows[i]];
            }
            return new Values(selected);
        }
    }
}
