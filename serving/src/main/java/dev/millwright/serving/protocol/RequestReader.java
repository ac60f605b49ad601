package dev.millwright.serving.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a request and collects all that is wrong with its form; whether it fits the model is found out later. */
final class RequestReader {
    private static final String BINARY_OUTPUT = "binary_data_output";
    private static final String INPUT_OBJECTS =
            " not an object (expected: {\"name\": …, \"shape\": …, \"datatype\": …, \"data\": …})";
    private static final String OUTPUT_OBJECTS = " not an object (expected: {\"name\": …})";

    private final byte[] body;
    private final int jsonLength;
    private final JsonTensorReader tensor;
    private final List<JsonTensorReader.Sent> inputs = new ArrayList<>();
    private final List<JsonTensorReader.Sent> outputs = new ArrayList<>();
    private final RequestProblems problems = new RequestProblems();
    private Map<String, Object> parameters = Map.of();
    private Optional<String> id = Optional.empty();
    private boolean hasInputs;

    /** The JSON is the first {@code jsonLength} bytes of the body; binary tensors follow. */
    RequestReader(byte[] body, int jsonLength, NumberForm numbers) {
        this.body = body;
        this.jsonLength = jsonLength;
        this.tensor = new JsonTensorReader(body, numbers);
    }

    InferRequest read() {
        try (JsonParser parser = OpenInferenceJson.JSON.createParser(body, 0, jsonLength)) {
            read(parser);
        } catch (IOException e) {
            throw OpenInferenceJson.notJson(e);
        }
        if (!hasInputs) {
            problems.add("inputs: missing (expected: the tensors that the model takes)");
        }
        refuseUnsupportedOutputs();
        List<Tensor> tensors = tensors();
        problems.requireNone();
        TensorForm form = Boolean.TRUE.equals(parameters.get(BINARY_OUTPUT)) ? TensorForm.BINARY : TensorForm.JSON;
        return new InferRequest(id, parameters, tensors, requested(form), form);
    }

    private List<RequestedOutput> requested(TensorForm form) {
        List<RequestedOutput> requested = new ArrayList<>(outputs.size());
        for (JsonTensorReader.Sent output : outputs) {
            requested.add(new RequestedOutput(output.name(), output.form() == null ? form : output.form()));
        }
        return requested;
    }

    private void read(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new InvalidInputException("body: not an object (expected: {\"inputs\": […]})");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (field) {
                case "id" -> readId(parser, token);
                case "parameters" -> readParameters(parser, token);
                case "inputs" -> {
                    hasInputs = true;
                    readTensors(parser, token, "inputs", INPUT_OBJECTS, inputs);
                }
                case "outputs" -> readTensors(parser, token, "outputs", OUTPUT_OBJECTS, outputs);
                default -> parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            problems.add("body: more after its end (expected: one object)");
        }
    }

    private void readId(JsonParser parser, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            String text = parser.getText();
            if (!Words.isWellFormed(text)) {
                problems.add("id: half of a surrogate pair in it (expected: a text)");
            }
            id = Optional.of(text);
        } else if (token != JsonToken.VALUE_NULL) {
            problems.add("id: not a string (expected: a string)");
            parser.skipChildren();
        }
    }

    private void readParameters(JsonParser parser, JsonToken token) throws IOException {
        if (token != JsonToken.START_OBJECT) {
            if (token != JsonToken.VALUE_NULL) {
                problems.add("parameters: not an object (expected: {\"name\": value, …})");
                parser.skipChildren();
            }
            return;
        }
        Map<String, Object> found = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            Object value = value(parser, parser.nextToken());
            if (value != null) {
                found.put(name, value);
            }
        }
        parameters = found;
    }

    /** What a parameter may be; whatever else clients put there for servers of their own is passed over. */
    private static @Nullable Object value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            default -> {
                parser.skipChildren();
                yield null;
            }
        };
    }

    private void readTensors(
            JsonParser parser, JsonToken token, String field, String objects, List<JsonTensorReader.Sent> into)
            throws IOException {
        if (token != JsonToken.START_ARRAY) {
            problems.add(field + ": not an array (expected: [{\"name\": …}, …])");
            parser.skipChildren();
            return;
        }
        JsonToken next;
        while ((next = parser.nextToken()) != JsonToken.END_ARRAY && next != null) {
            if (into.size() == Tensor.MOST_IN_REQUEST) {
                throw new InvalidInputException(
                        field + ": more than " + Tensor.MOST_IN_REQUEST + " (expected: at most that many)");
            }
            String place = field + "[" + into.size() + "]";
            if (next != JsonToken.START_OBJECT) {
                problems.add(place + ":" + objects);
                parser.skipChildren();
                continue;
            }
            JsonTensorReader.Sent sent = tensor.read(parser);
            into.add(sent);
            if (sent.name().isEmpty()) {
                problems.add(place + ".name: missing (expected: the name of a tensor)");
            }
        }
    }

    /** Of an output nothing but its name and its parameters counts. */
    private void refuseUnsupportedOutputs() {
        for (int i = 0; i < outputs.size(); i++) {
            String unsupported = outputs.get(i).unsupported();
            if (unsupported != null) {
                problems.add("outputs[" + i + "]." + unsupported);
            }
        }
    }

    private List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>(inputs.size());
        int at = jsonLength;
        for (int i = 0; i < inputs.size(); i++) {
            JsonTensorReader.Sent sent = inputs.get(i);
            String problem = sent.problem();
            if (sent.binarySize() >= 0) {
                if (sent.binarySize() > body.length - at) {
                    problem = "parameters.binary_data_size: " + sent.binarySize() + " (expected: at most the "
                            + (body.length - at) + " bytes that are left of the body)";
                } else {
                    ByteBuffer bytes = ByteBuffer.wrap(body, at, (int) sent.binarySize());
                    at += (int) sent.binarySize();
                    if (problem == null) {
                        problem = add(tensors, sent, bytes);
                    }
                }
            } else if (problem == null) {
                problem = add(tensors, sent, null);
            }
            if (problem != null) {
                problems.add("inputs[" + i + "]." + problem
                        + (sent.name().isEmpty() ? "" : ". Input: " + Words.shortened(sent.name())));
            }
        }
        if (at < body.length && problems.isEmpty()) {
            problems.add("body: " + (body.length - at) + " bytes after the last tensor (expected: "
                    + "as many as the inputs' binary_data_size say together)");
        }
        return tensors;
    }

    private static @Nullable String add(List<Tensor> tensors, JsonTensorReader.Sent sent, @Nullable ByteBuffer bytes) {
        try {
            tensors.add(bytes == null ? sent.tensor() : RawTensors.read(sent.name(), sent.type(), sent.shape(), bytes));
            return null;
        } catch (InvalidInputException invalid) {
            return invalid.problems().getFirst().message();
        }
    }
}
