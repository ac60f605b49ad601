package dev.millwright.learn;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Labels;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Problem;
import dev.millwright.core.Task;
import dev.millwright.core.Words;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a learner learns from. Columns are found by name, so their order in the frames is of no account; the order of
 * {@code inputs} is that of the model.
 *
 * @param inputs the feature columns of the model, at least one
 * @param train the rows to fit on, at least one
 * @param trainLabels {@link Labels.Classes} for a classification, {@link Labels.Values} for a regression
 * @param validation rows to stop early and calibrate on; may have no rows, and then neither happens
 */
public record TrainingData(
        List<Input> inputs, Task task, Frame train, Labels trainLabels, Frame validation, Labels validationLabels) {
    private static final Set<String> OUTPUTS = Set.of("label", "probabilities", "prediction");

    /**
     * Checks that columns, types and labels fit together.
     *
     * @throws InvalidInputException naming everything that does not
     */
    public TrainingData {
        inputs = List.copyOf(inputs);
        List<Problem> problems = new ArrayList<>();
        checkInputs(inputs, problems);
        checkFrame("train", inputs, train, problems);
        checkFrame("validation", inputs, validation, problems);
        checkLabels("train", task, train, trainLabels, problems);
        checkLabels("validation", task, validation, validationLabels, problems);
        if (train.rows() == 0) {
            problems.add(Problem.of("train: 0 rows (expected: at least one with a label)"));
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
    }

    /** The classes in the order of the probabilities; empty for a regression. */
    List<String> classes() {
        return trainLabels instanceof Labels.Classes known ? known.classes() : List.of();
    }

    private static void checkInputs(List<Input> inputs, List<Problem> problems) {
        if (inputs.isEmpty()) {
            problems.add(Problem.of("inputs: none (expected: at least one feature column)"));
        }
        Set<String> seen = new HashSet<>();
        for (Input input : inputs) {
            if (!seen.add(input.name())) {
                problems.add(Problem.of("inputs: two are named " + input.name() + " (expected: different names)"));
            }
            requirePortable("inputs", input.name(), problems);
            if (OUTPUTS.contains(input.name())) {
                problems.add(Problem.of("inputs: " + input.name()
                        + " (expected: another name, for this is what models call their output). Rename the column"
                        + " with AS in the feature view."));
            }
        }
    }

    private static void requirePortable(String what, String name, List<Problem> problems) {
        if (!PortableText.isPortable(name)) {
            problems.add(Problem.of(what + ": " + name + " (expected: no NUL and no character beyond U+FFFF, such as"
                    + " emoji, which ONNX runtimes read differently). Rename it."));
        }
    }

    private static void checkFrame(String part, List<Input> inputs, Frame frame, List<Problem> problems) {
        List<String> names = frame.columns().stream().map(FeatureColumn::name).toList();
        for (Input input : inputs) {
            if (!names.contains(input.name())) {
                problems.add(
                        Problem.of(part + ": no column " + input.name() + "." + Words.suggestion(input.name(), names)));
                continue;
            }
            switch (frame.column(input.name())) {
                case FeatureColumn.Numeric numeric -> {
                    expect(part, input, InputType.NUMBER, problems);
                    checkFinite(part, numeric, problems);
                }
                case FeatureColumn.Text _ -> expect(part, input, InputType.TEXT, problems);
            }
        }
    }

    private static void expect(String part, Input input, InputType found, List<Problem> problems) {
        if (input.type() != found) {
            problems.add(Problem.of(
                    part + "." + input.name() + ": a column of type " + found + " (expected: " + input.type() + ")"));
        }
    }

    private static void checkFinite(String part, FeatureColumn.Numeric column, List<Problem> problems) {
        for (int row = 0; row < column.rows(); row++) {
            if (Float.isInfinite(column.values()[row])) {
                problems.add(Problem.of(part + "." + column.name() + ": " + column.values()[row] + " in row " + row
                        + " (expected: at most " + Float.MAX_VALUE
                        + " in size, or missing). Scale the column down in the feature view."));
                return;
            }
        }
    }

    private static void checkLabels(String part, Task task, Frame frame, Labels labels, List<Problem> problems) {
        if (labels.rows() != frame.rows()) {
            problems.add(Problem.of(
                    part + ": " + labels.rows() + " labels (expected: " + frame.rows() + ", one for each row)"));
        }
        switch (labels) {
            case Labels.Classes known -> {
                known.classes().forEach(name -> requirePortable(part + " labels", name, problems));
                if (!task.isClassification()) {
                    problems.add(Problem.of(part + " labels: classes (expected: numbers for " + task.label() + ")"));
                } else if (task == Task.BINARY
                        ? known.classes().size() != 2
                        : known.classes().size() < 2) {
                    problems.add(Problem.of(part + " labels: " + known.classes().size() + " classes (expected: "
                            + (task == Task.BINARY ? "2" : "at least 2") + " for " + task.label() + ")"));
                }
            }
            case Labels.Values numbers -> {
                if (task.isClassification()) {
                    problems.add(Problem.of(part + " labels: numbers (expected: classes for " + task.label() + ")"));
                }
                checkFinite(part, numbers, problems);
            }
        }
    }

    private static void checkFinite(String part, Labels.Values labels, List<Problem> problems) {
        for (int row = 0; row < labels.rows(); row++) {
            if (!Double.isFinite(labels.values()[row])) {
                problems.add(Problem.of(part + " labels: " + labels.values()[row] + " in row " + row
                        + " (expected: a finite number). Leave rows without a label out."));
                return;
            }
        }
    }
}
