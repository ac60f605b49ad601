package dev.millwright.monitoring;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;
import java.util.List;

/** Predictions as columns, so that answers are profiled as features are. */
final class OutputColumns {
    private OutputColumns() {}

    static Frame of(Predictions predictions) {
        return switch (predictions) {
            case Predictions.Classes classes
            when classes.classes().size() == 2 ->
                new Frame(
                        classes.rows(),
                        List.of(new FeatureColumn.Numeric(
                                "probability(" + classes.classes().get(1) + ")", classes.positive())));
            case Predictions.Classes classes -> {
                String[] labels = new String[classes.rows()];
                for (int row = 0; row < labels.length; row++) {
                    labels[row] = classes.classes().get(classes.labels()[row]);
                }
                yield new Frame(classes.rows(), List.of(new FeatureColumn.Text("label", labels)));
            }
            case Predictions.Values(float[] values) ->
                new Frame(values.length, List.of(new FeatureColumn.Numeric("prediction", values)));
        };
    }
}
