package dev.millwright.serving;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Predictions;
import dev.millwright.core.Problem;
import dev.millwright.core.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Brings frames into a signature's column order, joins them to a batch, and cuts the answers apart again. */
final class InputFrames {
    private InputFrames() {}

    /** The signature's columns in its order; the frame itself when it has just these. */
    static Frame align(ModelSignature signature, Frame frame) {
        return isAligned(signature, frame) ? frame : pick(signature, frame);
    }

    private static boolean isAligned(ModelSignature signature, Frame frame) {
        List<ModelSignature.Input> inputs = signature.inputs();
        List<FeatureColumn> columns = frame.columns();
        if (columns.size() != inputs.size()) {
            return false;
        }
        for (int i = 0; i < columns.size(); i++) {
            if (!columns.get(i).name().equals(inputs.get(i).name())
                    || type(columns.get(i)) != inputs.get(i).type()) {
                return false;
            }
        }
        return true;
    }

    private static Frame pick(ModelSignature signature, Frame frame) {
        List<String> names = frame.columns().stream().map(FeatureColumn::name).toList();
        List<FeatureColumn> picked = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (ModelSignature.Input input : signature.inputs()) {
            int index = names.indexOf(input.name());
            if (index < 0) {
                problems.add(Problem.of(input.name() + ": missing (expected: a column of this name)."
                        + Words.suggestion(input.name(), names)));
            } else if (type(frame.columns().get(index)) != input.type()) {
                problems.add(Problem.of(input.name() + ": "
                        + word(type(frame.columns().get(index))) + " (expected: " + word(input.type()) + ")"));
            } else {
                picked.add(frame.columns().get(index));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return new Frame(frame.rows(), picked);
    }

    static InputType type(FeatureColumn column) {
        return switch (column) {
            case FeatureColumn.Numeric numeric -> InputType.NUMBER;
            case FeatureColumn.Text text -> InputType.TEXT;
        };
    }

    static String word(InputType type) {
        return switch (type) {
            case NUMBER -> "number";
            case TEXT -> "text";
        };
    }

    /** One frame with the rows of all, which have the same columns. */
    static Frame concat(List<Frame> frames) {
        if (frames.size() == 1) {
            return frames.getFirst();
        }
        int rows = frames.stream().mapToInt(Frame::rows).sum();
        List<FeatureColumn> columns = new ArrayList<>();
        for (int c = 0; c < frames.getFirst().columns().size(); c++) {
            columns.add(concatColumn(frames, c, rows));
        }
        return new Frame(rows, columns);
    }

    private static FeatureColumn concatColumn(List<Frame> frames, int column, int rows) {
        return switch (frames.getFirst().columns().get(column)) {
            case FeatureColumn.Numeric(String name, float[] first) -> {
                float[] values = new float[rows];
                int at = 0;
                for (Frame frame : frames) {
                    float[] part = ((FeatureColumn.Numeric) frame.columns().get(column)).values();
                    System.arraycopy(part, 0, values, at, part.length);
                    at += part.length;
                }
                yield new FeatureColumn.Numeric(name, values);
            }
            case FeatureColumn.Text(String name, String[] first) -> {
                String[] values = new String[rows];
                int at = 0;
                for (Frame frame : frames) {
                    String[] part = ((FeatureColumn.Text) frame.columns().get(column)).values();
                    System.arraycopy(part, 0, values, at, part.length);
                    at += part.length;
                }
                yield new FeatureColumn.Text(name, values);
            }
        };
    }

    /** The answers for rows {@code from} (inclusive) to {@code to} (exclusive). */
    static Predictions slice(Predictions predictions, int from, int to) {
        if (from == 0 && to == predictions.rows()) {
            return predictions;
        }
        return switch (predictions) {
            case Predictions.Classes(List<String> classes, float[] probabilities, int[] labels) ->
                new Predictions.Classes(
                        classes,
                        Arrays.copyOfRange(probabilities, from * classes.size(), to * classes.size()),
                        Arrays.copyOfRange(labels, from, to));
            case Predictions.Values(float[] values) -> new Predictions.Values(Arrays.copyOfRange(values, from, to));
        };
    }
}
