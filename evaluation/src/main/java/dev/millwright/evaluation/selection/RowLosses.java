package dev.millwright.evaluation.selection;

import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;

/** How wrong a model is on each row: the log loss of a classifier, the squared error of a regressor. */
public final class RowLosses {
    private static final double LEAST_PROBABILITY = 1e-7;

    private RowLosses() {}

    /** One loss a row. */
    public static double[] of(Labels labels, Predictions predictions) {
        double[] losses = new double[labels.rows()];
        switch (labels) {
            case Labels.Classes classes -> {
                if (!(predictions instanceof Predictions.Classes said)
                        || !said.classes().equals(classes.classes())) {
                    throw new IllegalArgumentException("predictions: not of " + classes.classes());
                }
                for (int row = 0; row < losses.length; row++) {
                    losses[row] = -Math.log(Math.max(LEAST_PROBABILITY, said.probability(row, classes.indices()[row])));
                }
            }
            case Labels.Values values -> {
                if (!(predictions instanceof Predictions.Values said)) {
                    throw new IllegalArgumentException("predictions: classes (expected: numbers)");
                }
                for (int row = 0; row < losses.length; row++) {
                    double error = said.values()[row] - values.values()[row];
                    losses[row] = error * error;
                }
            }
        }
        return losses;
    }
}
