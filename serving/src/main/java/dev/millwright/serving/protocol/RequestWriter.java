package dev.millwright.serving.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Writes a request to another server: all outputs are asked for, in the form of the inputs. */
final class RequestWriter {
    private final List<Tensor> inputs;
    private final TensorForm form;
    private final Duration timeout;
    private int binarySize;

    RequestWriter(List<Tensor> inputs, TensorForm form, Duration timeout) {
        this.inputs = inputs;
        this.form = form;
        this.timeout = timeout;
    }

    EncodedBody write() {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(512);
                JsonGenerator json = OpenInferenceJson.JSON.createGenerator(bytes)) {
            write(json);
            json.flush();
            byte[] head = bytes.toByteArray();
            if (form == TensorForm.JSON) {
                return new EncodedBody(head, head.length);
            }
            byte[] body = Arrays.copyOf(head, Math.addExact(head.length, binarySize));
            ByteBuffer rest = ByteBuffer.wrap(body, head.length, binarySize);
            inputs.forEach(tensor -> RawTensors.write(tensor, rest));
            return new EncodedBody(body, head.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("parameters");
        json.writeNumberField(InferRequest.TIMEOUT, TimeUnit.NANOSECONDS.toMicros(timeout.toNanos()));
        if (form == TensorForm.BINARY) {
            json.writeBooleanField(RequestReader.BINARY_OUTPUT, true);
        }
        json.writeEndObject();
        json.writeArrayFieldStart("inputs");
        for (Tensor input : inputs) {
            write(json, input);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void write(JsonGenerator json, Tensor input) throws IOException {
        json.writeStartObject();
        TensorJson.writeHead(json, input.name(), input.datatype(), input.shape());
        if (form == TensorForm.BINARY) {
            int size = RawTensors.size(input);
            json.writeObjectFieldStart("parameters");
            json.writeNumberField("binary_data_size", size);
            json.writeEndObject();
            binarySize = Math.addExact(binarySize, size);
        } else {
            TensorJson.writeData(json, input);
        }
        json.writeEndObject();
    }
}
