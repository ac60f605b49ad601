package dev.millwright.serving.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Writes a request to another server: all outputs are asked for, in the form of the inputs. */
final class RequestWriter extends BodyWriter {
    private final TensorForm form;
    private final Duration timeout;

    RequestWriter(List<Tensor> inputs, TensorForm form, Duration timeout) {
        super("inputs", inputs);
        this.form = form;
        this.timeout = timeout;
    }

    @Override
    void writeHead(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("parameters");
        json.writeNumberField(InferRequest.TIMEOUT, TimeUnit.NANOSECONDS.toMicros(timeout.toNanos()));
        if (form == TensorForm.BINARY) {
            json.writeBooleanField(RequestReader.BINARY_OUTPUT, true);
        }
        json.writeEndObject();
    }

    @Override
    TensorForm form(Tensor tensor) {
        return form;
    }
}
