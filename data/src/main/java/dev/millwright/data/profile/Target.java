package dev.millwright.data.profile;

import dev.millwright.core.Task;

/** What a column is asked to predict, by row; the rows without a label have no part in it. */
sealed interface Target {
    Task task();

    int rows();

    boolean isPresent(int row);

    /** A label of two classes or more. */
    record Classes(Task task, Codes codes) implements Target {
        @Override
        public int rows() {
            return codes.rows();
        }

        @Override
        public boolean isPresent(int row) {
            return codes.of()[row] != Codes.MISSING;
        }

        /** 1 in the rows of a class, 0 in the others. */
        double[] indicator(int wanted) {
            double[] indicator = new double[rows()];
            for (int row = 0; row < indicator.length; row++) {
                indicator[row] = codes.of()[row] == wanted ? 1 : 0;
            }
            return indicator;
        }
    }

    /** A label that is a number; NaN where there is none. */
    record Numbers(double[] values) implements Target {
        @Override
        public Task task() {
            return Task.REGRESSION;
        }

        @Override
        public int rows() {
            return values.length;
        }

        @Override
        public boolean isPresent(int row) {
            return !Double.isNaN(values[row]);
        }
    }
}
