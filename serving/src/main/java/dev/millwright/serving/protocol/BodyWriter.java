package dev.millwright.serving.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Writes a body with tensors, each as JSON or as bytes behind all JSON. For one body. */
abstract sealed class BodyWriter permits RequestWriter, ResponseWriter {
    private final String field;
    private final List<Tensor> tensors;
    private int binarySize;

    /**
     * @param field of the tensors
     */
    BodyWriter(String field, List<Tensor> tensors) {
        this.field = field;
        this.tensors = tensors;
    }

    /** Writes the fields before the tensors. */
    abstract void writeHead(JsonGenerator json) throws IOException;

    /** How a tensor is sent. */
    abstract TensorForm form(Tensor tensor);

    /**
     * The body.
     *
     * @param room for the JSON, in bytes, to begin with
     */
    final EncodedBody write(int room) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(room);
                JsonGenerator json = OpenInferenceJson.JSON.createGenerator(bytes)) {
            write(json);
            json.flush();
            byte[] head = bytes.toByteArray();
            if (binarySize == 0) {
                return new EncodedBody(head, head.length);
            }
            byte[] body = Arrays.copyOf(head, Math.addExact(head.length, binarySize));
            ByteBuffer rest = ByteBuffer.wrap(body, head.length, binarySize);
            for (Tensor tensor : tensors) {
                if (form(tensor) == TensorForm.BINARY) {
                    RawTensors.write(tensor, rest);
                }
            }
            return new EncodedBody(body, head.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        writeHead(json);
        json.writeArrayFieldStart(field);
        for (Tensor tensor : tensors) {
            write(json, tensor);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(JsonGenerator json, Tensor tensor) throws IOException {
        json.writeStartObject();
        TensorJson.writeHead(json, tensor.name(), tensor.datatype(), tensor.shape());
        if (form(tensor) == TensorForm.BINARY) {
            int size = RawTensors.size(tensor);
            json.writeObjectFieldStart("parameters");
            json.writeNumberField("binary_data_size", size);
            json.writeEndObject();
            binarySize = Math.addExact(binarySize, size);
        } else {
            TensorJson.writeData(json, tensor);
        }
        json.writeEndObject();
    }
}
