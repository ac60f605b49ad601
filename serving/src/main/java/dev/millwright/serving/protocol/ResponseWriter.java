package dev.millwright.serving.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Writes one answer. */
final class ResponseWriter {
    private final InferRequest request;
    private final InferResponse response;
    private final List<Tensor> binary = new ArrayList<>();
    private int binarySize;

    ResponseWriter(InferRequest request, InferResponse response) {
        this.request = request;
        this.response = response;
    }

    EncodedBody write() {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(256);
                JsonGenerator json = OpenInferenceJson.JSON.createGenerator(bytes)) {
            write(json);
            json.flush();
            byte[] head = bytes.toByteArray();
            if (binary.isEmpty()) {
                return new EncodedBody(head, head.length);
            }
            byte[] body = Arrays.copyOf(head, Math.addExact(head.length, binarySize));
            ByteBuffer rest = ByteBuffer.wrap(body, head.length, binarySize);
            binary.forEach(tensor -> RawTensors.write(tensor, rest));
            return new EncodedBody(body, head.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("model_name", response.modelName());
        json.writeStringField("model_version", response.modelVersion());
        if (response.id().isPresent()) {
            json.writeStringField("id", response.id().get());
        }
        if (!response.parameters().isEmpty()) {
            json.writeObjectFieldStart("parameters");
            for (Map.Entry<String, String> parameter : response.parameters().entrySet()) {
                json.writeStringField(parameter.getKey(), parameter.getValue());
            }
            json.writeEndObject();
        }
        json.writeArrayFieldStart("outputs");
        for (Tensor output : response.outputs()) {
            write(json, output);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(JsonGenerator json, Tensor output) throws IOException {
        json.writeStartObject();
        TensorJson.writeHead(json, output.name(), output.datatype(), output.shape());
        if (request.form(output.name()) == TensorForm.BINARY) {
            int size = RawTensors.size(output);
            json.writeObjectFieldStart("parameters");
            json.writeNumberField("binary_data_size", size);
            json.writeEndObject();
            binarySize = Math.addExact(binarySize, size);
            binary.add(output);
        } else {
            TensorJson.writeData(json, output);
        }
        json.writeEndObject();
    }
}
