package dev.millwright.serving.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Writes single tensors as JSON. */
final class TensorJson {
    private TensorJson() {}

    /** The whole tensor, or its hash when it is of more than {@code largest} bytes. */
    static void write(JsonGenerator json, Tensor tensor, int largest) throws IOException {
        json.writeStartObject();
        writeHead(json, tensor.name(), tensor.datatype(), tensor.shape());
        int size = RawTensors.size(tensor);
        if (size <= largest) {
            writeData(json, tensor);
        } else {
            json.writeNumberField("bytes", size);
            json.writeStringField("sha256", sha256(tensor, size));
        }
        json.writeEndObject();
    }

    private static String sha256(Tensor tensor, int size) {
        ByteBuffer bytes = ByteBuffer.allocate(size);
        RawTensors.write(tensor, bytes);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Name, datatype and shape. */
    static void writeHead(JsonGenerator json, String name, Datatype datatype, long... shape) throws IOException {
        json.writeStringField("name", name);
        json.writeStringField("datatype", datatype.name());
        json.writeFieldName("shape");
        json.writeArray(shape, 0, shape.length);
    }

    /** The elements, flat. */
    static void writeData(JsonGenerator json, Tensor tensor) throws IOException {
        json.writeArrayFieldStart("data");
        writeElements(json, tensor);
        json.writeEndArray();
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
            case UINT8, UINT16, UINT32, INT8, INT16, INT32 -> json.writeNumber((long) packed.number(datatype, index));
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
