package dev.millwright.serving.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a request and collects all that is wrong with its form; whether it fits the model is found out later. */
final class RequestReader {
    static final String BINARY_OUTPUT = "binary_data_output";
    private static final String INPUT_OBJECT = "{\"name\": …, \"shape\": …, \"datatype\": …, \"data\": …}";
    private static final String OUTPUT_OBJECT = "{\"name\": …}";

    private final byte[] body;
    private final int jsonLength;
    private final RequestProblems problems = new RequestProblems();
    private final SentTensors inputs;
    private final SentTensors outputs;
    private Map<String, Object> parameters = Map.of();
    private Optional<String> id = Optional.empty();
    private boolean hasInputs;

    /** The JSON is the first {@code jsonLength} bytes of the body; binary tensors follow. */
    RequestReader(byte[] body, int jsonLength, NumberForm numbers) {
        this.body = body;
        this.jsonLength = jsonLength;
        JsonTensorReader tensor = new JsonTensorReader(body, numbers);
        this.inputs = new SentTensors("inputs", tensor, problems);
        this.outputs = new SentTensors("outputs", tensor, problems);
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
        List<Tensor> tensors = inputs.tensors(body, jsonLength);
        problems.requireNone();
        TensorForm form = Boolean.TRUE.equals(parameters.get(BINARY_OUTPUT)) ? TensorForm.BINARY : TensorForm.JSON;
        return new InferRequest(id, parameters, tensors, requested(form), form);
    }

    private List<RequestedOutput> requested(TensorForm form) {
        List<RequestedOutput> requested = new ArrayList<>(outputs.sent().size());
        for (JsonTensorReader.Sent output : outputs.sent()) {
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
                    inputs.read(parser, token, INPUT_OBJECT);
                }
                case "outputs" -> outputs.read(parser, token, OUTPUT_OBJECT);
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
            // As over gRPC, where a text that was not sent is empty: an id that all have would be one client's.
            id = text.isEmpty() ? Optional.empty() : Optional.of(text);
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

    /** Of an output nothing but its name and its parameters counts. */
    private void refuseUnsupportedOutputs() {
        for (int i = 0; i < outputs.sent().size(); i++) {
            String unsupported = outputs.sent().get(i).unsupported();
            if (unsupported != null) {
                problems.add("outputs[" + i + "]." + unsupported);
            }
        }
    }
}
