package dev.millwright.serving.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
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

    EncodedResponse write() {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(256);
                JsonGenerator json = OpenInferenceJson.JSON.createGenerator(bytes)) {
            write(json);
            json.flush();
            byte[] head = bytes.toByteArray();
            if (binary.isEmpty()) {
                return new EncodedResponse(head, head.length);
            }
            byte[] body = Arrays.copyOf(head, Math.addExact(head.length, binarySize));
            ByteBuffer rest = ByteBuffer.wrap(body, head.length, binarySize);
            binary.forEach(tensor -> RawTensors.write(tensor, rest));
            return new EncodedResponse(body, head.length);
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
        json.writeStringField("name", output.name());
        json.writeStringField("datatype", output.datatype().name());
        json.writeFieldName("shape");
        json.writeArray(output.shape(), 0, output.shape().length);
        if (request.form(output.name()) == TensorForm.BINARY) {
            int size = RawTensors.size(output);
            json.writeObjectFieldStart("parameters");
            json.writeNumberField("binary_data_size", size);
            json.writeEndObject();
            binarySize = Math.addExact(binarySize, size);
            binary.add(output);
        } else {
            json.writeArrayFieldStart("data");
            writeElements(json, output);
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void writeElements(JsonGenerator json, Tensor output) throws IOException {
        switch (output.values()) {
            case TensorValues.Floats(float[] values) -> {
                for (float value : values) {
                    write(json, value);
                }
            }
            case TensorValues.Texts(String[] values) -> {
                for (String value : values) {
                    json.writeString(value);
                }
            }
            case TensorValues.Packed packed -> {
                for (int i = 0; i < output.count(); i++) {
                    write(json, output.datatype(), packed, i);
                }
            }
        }
    }

    private static void write(JsonGenerator json, Datatype datatype, TensorValues.Packed packed, int index)
            throws IOException {
        switch (datatype) {
            case BOOL -> json.writeBoolean(packed.number(datatype, index) != 0);
            case INT64 -> json.writeNumber(packed.bytes().getLong(index * Long.BYTES));
            case UINT64 -> {
                long value = packed.bytes().getLong(index * Long.BYTES);
                if (value >= 0) {
                    json.writeNumber(value);
                } else {
                    json.writeNumber(new BigInteger(Long.toUnsignedString(value)));
                }
            }
            case UINT8, UINT16, UINT32, INT8, INT16, INT32 ->
                json.writeNumber((long) packed.number(datatype, index));
            case FP16, BF16, FP32 -> write(json, (float) packed.number(datatype, index));
            case FP64 -> {
                double value = packed.number(datatype, index);
                if (Double.isFinite(value)) {
                    json.writeNumber(value);
                } else {
                    json.writeNull();
                }
            }
            case BYTES -> throw new IllegalArgumentException("datatype: BYTES (expected: numbers)");
        }
    }

    /** JSON knows no NaN and no infinity. */
    private static void write(JsonGenerator json, float value) throws IOException {
        if (Float.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }
}
