package dev.millwright.serving;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import dev.millwright.core.Problem;
import dev.millwright.core.TensorColumns;
import dev.millwright.core.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON of the Open Inference Protocol v2, without HTTP. One tensor a column, of shape [N] or [N, 1]; null is
 * missing. Thread-safe.
 */
public final class OpenInferenceJson {
    /** Rows that one request may have. */
    public static final int LARGEST_ROWS = 10_000;

    /** The protocol's name for what these models are. */
    public static final String PLATFORM = "onnx_onnxv1";

    static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxNumberLength(100)
                    .maxStringLength(1 << 20)
                    .build())
            .build();

    private static final String PREDICTION_ID = "prediction_id";

    private OpenInferenceJson() {}

    /**
     * Reads the body of an inference request.
     *
     * @throws InvalidInputException saying everything that is wrong with it
     */
    public static InferRequest readRequest(byte[] body, ModelSignature signature) {
        try (JsonParser parser = JSON.createParser(body)) {
            return new RequestReader(signature).read(parser);
        } catch (JsonProcessingException e) {
            throw notJson(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static InvalidInputException notJson(JsonProcessingException e) {
        return new InvalidInputException("body: " + JsonMistake.describe(e));
    }

    /** Collects a request and all that is wrong with it. */
    private static final class RequestReader {
        private final ModelSignature signature;
        private final WideInputs wide;
        private final Map<String, TensorReader> tensors = new LinkedHashMap<>();
        private final List<Problem> problems = new ArrayList<>();
        private final List<String> outputs = new ArrayList<>();
        private Optional<String> id = Optional.empty();
        private boolean hasInputs;

        RequestReader(ModelSignature signature) {
            this.signature = signature;
            this.wide = WideInputs.of(signature);
        }

        InferRequest read(JsonParser parser) throws IOException {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new InvalidInputException("body: not an object (expected: {\"inputs\": […]})");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken token = parser.nextToken();
                switch (field) {
                    case "id" -> readId(parser, token);
                    case "inputs" -> readInputs(parser, token);
                    case "outputs" -> readOutputs(parser, token);
                    default -> parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                problems.add(Problem.of("body: more after its end (expected: one object)"));
            }
            return new InferRequest(id, frame(), outputs);
        }

        private void readId(JsonParser parser, JsonToken token) throws IOException {
            if (token == JsonToken.VALUE_STRING) {
                id = Optional.of(parser.getText());
            } else if (token != JsonToken.VALUE_NULL) {
                problems.add(Problem.of("id: not a string (expected: a string)"));
                parser.skipChildren();
            }
        }

        private void readInputs(JsonParser parser, JsonToken token) throws IOException {
            hasInputs = true;
            if (token != JsonToken.START_ARRAY) {
                problems.add(Problem.of("inputs: not an array (expected: one tensor a column)"));
                parser.skipChildren();
                return;
            }
            JsonToken next;
            while ((next = parser.nextToken()) != JsonToken.END_ARRAY && next != null) {
                if (next != JsonToken.START_OBJECT) {
                    problems.add(Problem.of(
                            "inputs: not objects (expected: {\"name\", \"shape\", \"datatype\", \"data\"})"));
                    parser.skipChildren();
                    continue;
                }
                TensorReader tensor = new TensorReader(LARGEST_ROWS * wide.largestWidth());
                tensor.read(parser);
                addTensor(tensor);
            }
        }

        private void addTensor(TensorReader tensor) {
            String name = tensor.name();
            if (name.isEmpty()) {
                problems.add(Problem.of("inputs: a tensor without a name (expected: the name of a column)"));
            } else if (!signature.inputNames().contains(name) && !wide.names().contains(name)) {
                problems.add(Problem.of("inputs." + name + ": unknown (expected: a column of the model)."
                        + Words.suggestion(name, signature.inputNames())));
            } else if (wide.findPlace(name)
                            .filter(part -> tensors.containsKey(part.tensor()))
                            .isPresent()
                    || tensors.put(name, tensor) != null) {
                problems.add(Problem.of("inputs." + name + ": twice (expected: each column once)"));
            }
        }

        private void readOutputs(JsonParser parser, JsonToken token) throws IOException {
            if (token != JsonToken.START_ARRAY) {
                problems.add(Problem.of("outputs: not an array (expected: [{\"name\": …}])"));
                parser.skipChildren();
                return;
            }
            JsonToken next;
            while ((next = parser.nextToken()) != JsonToken.END_ARRAY && next != null) {
                if (next != JsonToken.START_OBJECT) {
                    problems.add(Problem.of("outputs: not objects (expected: [{\"name\": …}])"));
                    parser.skipChildren();
                    continue;
                }
                TensorReader output = new TensorReader(LARGEST_ROWS);
                output.read(parser);
                List<String> known = new ArrayList<>(outputNames(signature));
                known.add(PREDICTION_ID);
                if (known.contains(output.name())) {
                    outputs.add(output.name());
                } else {
                    problems.add(Problem.of("outputs." + output.name() + ": unknown (expected: an output of the model)."
                            + Words.suggestion(output.name(), known)));
                }
            }
        }

        /** Where the values of a column are to be looked for: in the tensor that it is part of, unless columns of that came. */
        private WideInputs.Place place(String column) {
            return wide.findPlace(column)
                    .filter(part -> tensors.containsKey(part.tensor())
                            || TensorColumns.names(part.tensor(), part.width()).stream()
                                    .noneMatch(tensors::containsKey))
                    .orElse(new WideInputs.Place(column, 0, 1));
        }

        private Frame frame() {
            if (!hasInputs) {
                problems.add(Problem.of("inputs: missing (expected: one tensor a column)"));
            }
            List<FeatureColumn> columns = new ArrayList<>();
            int rows = -1;
            for (ModelSignature.Input input : signature.inputs()) {
                WideInputs.Place place = place(input.name());
                TensorReader tensor = tensors.get(place.tensor());
                // What is wrong with a tensor is said once, at its first column.
                boolean first = place.index() == 0;
                if (tensor == null) {
                    if (hasInputs && first) {
                        problems.add(Problem.of(
                                "inputs." + place.tensor() + ": missing (expected: a tensor for each column)"));
                    }
                    continue;
                }
                String problem = tensor.problem(input.type(), place.width());
                int found = tensor.rows(place.width());
                if (problem == null && rows >= 0 && found != rows) {
                    problem = "data: " + found + " rows (expected: " + rows + ", as in the inputs before)";
                }
                if (problem != null) {
                    if (first) {
                        problems.add(Problem.of("inputs." + place.tensor() + "." + problem));
                    }
                    continue;
                }
                rows = found;
                columns.add(tensor.column(input, place.index(), place.width()));
            }
            if (problems.isEmpty() && rows == 0) {
                problems.add(Problem.of("inputs: no rows (expected: at least one)"));
            }
            if (!problems.isEmpty()) {
                throw new InvalidInputException(problems);
            }
            return new Frame(rows, columns);
        }
    }

    static List<String> outputNames(ModelSignature signature) {
        return signature.task().isClassification() ? List.of("label", "probabilities") : List.of("prediction");
    }

    /**
     * Writes the answer to an inference request. The parameter {@code prediction_id} names the request's prediction;
     * feedback adds {@code -} and the row, from 0. Who asks for the output {@code prediction_id} gets that a row.
     *
     * @param id the client's, echoed
     * @param outputs those asked for; empty means all of the model's
     */
    public static byte[] writeResponse(Optional<String> id, InferenceResult result, List<String> outputs) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(256);
                JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("model_name", result.endpoint());
            json.writeStringField("model_version", Integer.toString(result.modelVersion()));
            if (id.isPresent()) {
                json.writeStringField("id", id.get());
            }
            json.writeObjectFieldStart("parameters");
            json.writeStringField(PREDICTION_ID, result.predictionId());
            json.writeEndObject();
            json.writeArrayFieldStart("outputs");
            writeOutputs(json, result, outputs);
            json.writeEndArray();
            json.writeEndObject();
            json.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeOutputs(JsonGenerator json, InferenceResult result, List<String> outputs)
            throws IOException {
        switch (result.predictions()) {
            case Predictions.Classes classes -> {
                if (wants(outputs, "label")) {
                    writeLabels(json, classes);
                }
                if (wants(outputs, "probabilities")) {
                    startTensor(
                            json,
                            "probabilities",
                            "FP32",
                            classes.rows(),
                            classes.classes().size());
                    writeFloats(json, classes.probabilities());
                }
            }
            case Predictions.Values(float[] values) -> {
                if (wants(outputs, "prediction")) {
                    startTensor(json, "prediction", "FP32", values.length, 1);
                    writeFloats(json, values);
                }
            }
        }
        if (outputs.contains(PREDICTION_ID)) {
            startTensor(json, PREDICTION_ID, "BYTES", result.predictions().rows());
            for (int row = 0; row < result.predictions().rows(); row++) {
                json.writeString(result.predictionId(row));
            }
            endTensor(json);
        }
    }

    private static boolean wants(List<String> outputs, String name) {
        return outputs.isEmpty() || outputs.contains(name);
    }

    private static void writeLabels(JsonGenerator json, Predictions.Classes classes) throws IOException {
        startTensor(json, "label", "BYTES", classes.rows());
        for (int label : classes.labels()) {
            json.writeString(classes.classes().get(label));
        }
        endTensor(json);
    }

    private static void writeFloats(JsonGenerator json, float[] values) throws IOException {
        for (float value : values) {
            if (Float.isFinite(value)) {
                json.writeNumber(value);
            } else {
                json.writeNull();
            }
        }
        endTensor(json);
    }

    private static void startTensor(JsonGenerator json, String name, String datatype, int... shape) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeStringField("datatype", datatype);
        json.writeArrayFieldStart("shape");
        for (int size : shape) {
            json.writeNumber(size);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("data");
    }

    private static void endTensor(JsonGenerator json) throws IOException {
        json.writeEndArray();
        json.writeEndObject();
    }

    /** The body of a model metadata answer. */
    public static byte[] writeMetadata(String name, List<String> versions, ModelSignature signature) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(512);
                JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("name", name);
            json.writeArrayFieldStart("versions");
            for (String version : versions) {
                json.writeString(version);
            }
            json.writeEndArray();
            json.writeStringField("platform", PLATFORM);
            json.writeArrayFieldStart("inputs");
            WideInputs wide = WideInputs.of(signature);
            for (ModelSignature.Input input : signature.inputs()) {
                WideInputs.Place place = wide.findPlace(input.name()).orElse(new WideInputs.Place(input.name(), 0, 1));
                if (place.index() == 0) {
                    writeTensorMetadata(json, place.tensor(), datatype(input.type()), -1, place.width());
                }
            }
            json.writeEndArray();
            json.writeArrayFieldStart("outputs");
            if (signature.task().isClassification()) {
                writeTensorMetadata(json, "label", "BYTES", -1);
                writeTensorMetadata(
                        json, "probabilities", "FP32", -1, signature.classes().size());
            } else {
                writeTensorMetadata(json, "prediction", "FP32", -1, 1);
            }
            json.writeEndArray();
            json.writeEndObject();
            json.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String datatype(ModelSignature.InputType type) {
        return switch (type) {
            case NUMBER -> "FP32";
            case TEXT -> "BYTES";
        };
    }

    private static void writeTensorMetadata(JsonGenerator json, String name, String datatype, int... shape)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeStringField("datatype", datatype);
        json.writeArrayFieldStart("shape");
        for (int size : shape) {
            json.writeNumber(size);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
