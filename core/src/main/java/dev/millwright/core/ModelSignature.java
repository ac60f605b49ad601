package dev.millwright.core;

import java.util.List;

/**
 * What a model takes and gives. In the ONNX graph every input is a tensor of shape [N, 1], float32 for
 * {@link InputType#NUMBER} (NaN is missing) and string for {@link InputType#TEXT} ("" is missing). A classifier gives
 * {@code label} (string, [N]) and {@code probabilities} (float32, [N, classes]); a regressor gives {@code prediction}
 * (float32, [N, 1]).
 *
 * @param inputs the feature columns, in order
 * @param classes the classes in the order of the probabilities, empty for a regression
 * @param threshold of a binary classifier: the label is the second class when its probability is at least this
 */
public record ModelSignature(Task task, List<Input> inputs, List<String> classes, double threshold) {

    /** One input column. */
    public record Input(String name, InputType type) {}

    /** How a column's values reach the model. */
    public enum InputType {
        NUMBER,
        TEXT
    }

    public ModelSignature {
        inputs = List.copyOf(inputs);
        classes = List.copyOf(classes);
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("inputs: empty (expected: at least one feature column)");
        }
        if (task.isClassification() ? classes.size() < 2 : !classes.isEmpty()) {
            throw new IllegalArgumentException("classes: " + classes + " (expected: "
                    + (task.isClassification() ? "at least two" : "none") + " for " + task.label() + ")");
        }
    }

    public List<String> inputNames() {
        return inputs.stream().map(Input::name).toList();
    }
}
