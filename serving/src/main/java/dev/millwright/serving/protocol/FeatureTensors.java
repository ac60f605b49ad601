package dev.millwright.serving.protocol;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Predictions;
import dev.millwright.core.TensorColumns;
import dev.millwright.core.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Models that take features, as the protocol sees them: one tensor a column, [N] or [N,1], or one tensor of columns that belong
 * together, [N,k]. Knows what a signature says of its tensors; thread-safe, to be kept with the model.
 */
public final class FeatureTensors {
    /** Rows that one request may have. */
    public static final int LARGEST_ROWS = 10_000;

    /** The output that says by which id feedback finds a row's prediction; sent when it is asked for. */
    public static final String PREDICTION_ID = "prediction_id";

    private static final String LABEL = "label";
    private static final String PROBABILITIES = "probabilities";
    private static final String PREDICTION = "prediction";

    private final ModelSignature signature;
    private final WideInputs wide;
    private final Map<String, Input> inputs = new HashMap<>();
    private final List<TensorMetadata> inputMetadata;
    private final List<TensorMetadata> outputMetadata;
    private final List<String> outputNames;

    public FeatureTensors(ModelSignature signature) {
        this.signature = signature;
        this.wide = WideInputs.of(signature);
        List<TensorMetadata> taken = new ArrayList<>();
        for (Input input : signature.inputs()) {
            inputs.put(input.name(), input);
            WideInputs.Place place = placeAlone(input.name());
            if (place.index() == 0) {
                taken.add(new TensorMetadata(place.tensor(), datatype(input.type()), -1, place.width()));
            }
        }
        this.inputMetadata = List.copyOf(taken);
        this.outputMetadata = signature.task().isClassification()
                ? List.of(
                        new TensorMetadata(LABEL, Datatype.BYTES, -1),
                        new TensorMetadata(
                                PROBABILITIES,
                                Datatype.FP32,
                                -1,
                                signature.classes().size()))
                : List.of(new TensorMetadata(PREDICTION, Datatype.FP32, -1, 1));
        List<String> given = new ArrayList<>();
        outputMetadata.forEach(output -> given.add(output.name()));
        given.add(PREDICTION_ID);
        this.outputNames = List.copyOf(given);
    }

    private static Datatype datatype(InputType type) {
        return switch (type) {
            case NUMBER -> Datatype.FP32;
            case TEXT -> Datatype.BYTES;
        };
    }

    private WideInputs.Place placeAlone(String column) {
        return wide.findPlace(column).orElse(new WideInputs.Place(column, 0, 1));
    }

    /** What the model takes and gives, as features and predictions. */
    public ModelSignature signature() {
        return signature;
    }

    /** What the model takes. */
    public List<TensorMetadata> inputs() {
        return inputMetadata;
    }

    /** What it gives. */
    public List<TensorMetadata> outputs() {
        return outputMetadata;
    }

    /**
     * The request's rows, the signature's columns in its order.
     *
     * @throws InvalidInputException saying everything that doesn't fit the model, outputs that it hasn't included
     */
    public Frame rows(InferRequest request) {
        return rows(request, OtherTensors.NONE);
    }

    /** The same of a request that may hold what {@code others} take and give as well, which is passed over. */
    public Frame rows(InferRequest request, OtherTensors others) {
        return new Reading(request, others).rows();
    }

    /** Whether an input of that name is taken: a column, or the tensor that columns are parts of. */
    public boolean takes(String name) {
        return inputs.containsKey(name) || wide.names().contains(name);
    }

    /** Whether an output of that name is given to those who ask for it. */
    public boolean gives(String name) {
        return outputNames.contains(name);
    }

    /** One request on its way to rows. */
    private final class Reading {
        private final InferRequest request;
        private final OtherTensors others;
        private final Map<String, Integer> sent = new HashMap<>();
        private final RequestProblems problems = new RequestProblems();
        private int rows = -1;

        Reading(InferRequest request, OtherTensors others) {
            this.request = request;
            this.others = others;
        }

        Frame rows() {
            for (int i = 0; i < request.inputs().size(); i++) {
                take(i, request.inputs().get(i).name());
            }
            RequestedOutput.check(request.outputs(), outputNames, others, problems);
            List<FeatureColumn> columns = new ArrayList<>(signature.inputs().size());
            for (Input input : signature.inputs()) {
                addColumn(columns, input);
            }
            if (problems.isEmpty() && rows == 0) {
                problems.add("inputs: no rows (expected: at least one)");
            }
            problems.requireNone();
            return new Frame(rows, columns);
        }

        private void take(int index, String name) {
            if (!takes(name)) {
                if (!others.takes(name)) {
                    complain(
                            index,
                            "name: " + Words.shortened(name) + " (expected: an input of the model)."
                                    + Words.suggestion(name, signature.inputNames()));
                }
            } else if (wide.findPlace(name)
                            .filter(part -> sent.containsKey(part.tensor()))
                            .isPresent()
                    || sent.put(name, index) != null) {
                complain(index, "name: " + name + " a second time (expected: each input once)");
            }
        }

        private void complain(int index, String problem) {
            problems.add("inputs[" + index + "]." + problem);
        }

        /** Where the values of a column are to be looked for: in the tensor that it is part of, unless columns of that came. */
        private WideInputs.Place place(String column) {
            return wide.findPlace(column)
                    .filter(part -> sent.containsKey(part.tensor())
                            || TensorColumns.names(part.tensor(), part.width()).stream()
                                    .noneMatch(sent::containsKey))
                    .orElse(new WideInputs.Place(column, 0, 1));
        }

        private void addColumn(List<FeatureColumn> columns, Input input) {
            WideInputs.Place place = wide.names().isEmpty() ? null : place(input.name());
            String name = place == null ? input.name() : place.tensor();
            int width = place == null ? 1 : place.width();
            int column = place == null ? 0 : place.index();
            @Nullable Integer index = sent.get(name);
            // What is wrong with a tensor is said once, at its first column.
            boolean first = column == 0;
            if (index == null) {
                if (first) {
                    problems.add("inputs: " + name + " is missing (expected: a tensor for each input)");
                }
                return;
            }
            Tensor tensor = request.inputs().get(index);
            String problem = problem(tensor, input.type(), width);
            if (problem != null) {
                if (first) {
                    complain(index, problem + ". Input: " + name);
                }
                return;
            }
            rows = (int) tensor.shape()[0];
            columns.add(column(tensor, input, column, width));
        }

        private @Nullable String problem(Tensor tensor, InputType type, int width) {
            if (type == InputType.NUMBER ? !tensor.datatype().isNumeric() : tensor.datatype() != Datatype.BYTES) {
                return "datatype: " + tensor.datatype() + " (expected: "
                        + (type == InputType.NUMBER ? "FP32, or another type of number)" : "BYTES)");
            }
            long[] shape = tensor.shape();
            boolean column = width == 1 && shape.length == 1;
            if (!column && (shape.length != 2 || shape[1] != width)) {
                return "shape: " + Tensor.describe(shape) + " (expected: [-1," + width + "])";
            }
            if (shape[0] > LARGEST_ROWS) {
                return "shape: " + Tensor.describe(shape) + " (expected: at most " + LARGEST_ROWS + " rows a request)";
            }
            if (rows >= 0 && shape[0] != rows) {
                return "shape: " + Tensor.describe(shape) + " (expected: " + rows + " rows, as in the inputs before)";
            }
            return null;
        }
    }

    private static FeatureColumn column(Tensor tensor, Input input, int index, int width) {
        int rows = (int) tensor.shape()[0];
        return switch (tensor.values()) {
            case TensorValues.Floats(float[] values) ->
                new FeatureColumn.Numeric(input.name(), width == 1 ? values : everyOf(values, rows, index, width));
            case TensorValues.Packed packed -> {
                float[] values = new float[rows];
                for (int row = 0; row < rows; row++) {
                    values[row] = (float) packed.number(tensor.datatype(), row * width + index);
                }
                yield new FeatureColumn.Numeric(input.name(), values);
            }
            case TensorValues.Texts(String[] values) -> {
                String[] texts = width == 1 ? values : new String[rows];
                for (int row = 0; width > 1 && row < rows; row++) {
                    texts[row] = values[row * width + index];
                }
                yield new FeatureColumn.Text(input.name(), texts);
            }
        };
    }

    private static float[] everyOf(float[] values, int rows, int index, int width) {
        float[] column = new float[rows];
        for (int row = 0; row < rows; row++) {
            column[row] = values[row * width + index];
        }
        return column;
    }

    /** The outputs that the request wants. The ids of the rows' predictions are made when they are asked for. */
    public static List<Tensor> outputs(
            InferRequest request, Predictions predictions, IntFunction<String> predictionId) {
        List<Tensor> outputs = new ArrayList<>(3);
        switch (predictions) {
            case Predictions.Classes classes -> {
                if (request.wants(LABEL)) {
                    outputs.add(labels(classes));
                }
                if (request.wants(PROBABILITIES)) {
                    outputs.add(Tensor.of(
                            PROBABILITIES,
                            classes.probabilities(),
                            classes.rows(),
                            classes.classes().size()));
                }
            }
            case Predictions.Values(float[] values) -> {
                if (request.wants(PREDICTION)) {
                    outputs.add(Tensor.of(PREDICTION, values, values.length, 1));
                }
            }
        }
        if (request.asksFor(PREDICTION_ID)) {
            String[] ids = new String[predictions.rows()];
            for (int row = 0; row < ids.length; row++) {
                ids[row] = predictionId.apply(row);
            }
            outputs.add(Tensor.of(PREDICTION_ID, ids, ids.length));
        }
        return outputs;
    }

    private static Tensor labels(Predictions.Classes classes) {
        String[] labels = new String[classes.rows()];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = classes.classes().get(classes.labels()[row]);
        }
        return Tensor.of(LABEL, labels, labels.length);
    }
}
