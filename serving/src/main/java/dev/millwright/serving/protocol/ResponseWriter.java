package dev.millwright.serving.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;

/** Writes one answer. */
final class ResponseWriter extends BodyWriter {
    private final InferRequest request;
    private final InferResponse response;

    ResponseWriter(InferRequest request, InferResponse response) {
        super("outputs", response.outputs());
        this.request = request;
        this.response = response;
    }

    @Override
    void writeHead(JsonGenerator json) throws IOException {
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
    }

    @Override
    TensorForm form(Tensor tensor) {
        return request.form(tensor.name());
    }
}
