package dev.millwright.serving.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.millwright.core.InvalidInputException;
import java.io.IOException;
import java.util.List;

/** Reads the outputs of an answer, and collects all that is wrong with its form. */
final class ResponseReader {
    private final byte[] body;
    private final int jsonLength;
    private final RequestProblems problems = new RequestProblems();
    private final SentTensors outputs;
    private boolean hasOutputs;

    /** The JSON is the first {@code jsonLength} bytes of the body; binary tensors follow. */
    ResponseReader(byte[] body, int jsonLength) {
        this.body = body;
        this.jsonLength = jsonLength;
        this.outputs = new SentTensors("outputs", new JsonTensorReader(body, NumberForm.EXACT), problems);
    }

    List<Tensor> read() {
        try (JsonParser parser = OpenInferenceJson.JSON.createParser(body, 0, jsonLength)) {
            read(parser);
        } catch (IOException e) {
            throw OpenInferenceJson.notJson(e);
        }
        if (!hasOutputs) {
            problems.add("outputs: missing (expected: the tensors that the model gives)");
        }
        List<Tensor> tensors = outputs.tensors(body, jsonLength);
        problems.requireNone();
        return tensors;
    }

    private void read(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new InvalidInputException("body: not an object (expected: {\"outputs\": […]})");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken token = parser.nextToken();
            if (field.equals("outputs")) {
                hasOutputs = true;
                outputs.read(parser, token, "{\"name\": …, \"shape\": …, \"datatype\": …, \"data\": …}");
            } else {
                parser.skipChildren();
            }
        }
    }
}
