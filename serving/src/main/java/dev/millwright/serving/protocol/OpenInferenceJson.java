package dev.millwright.serving.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.millwright.core.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests and answers as JSON, with or without binary tensors after it. Thread-safe. */
public final class OpenInferenceJson {
    /** In characters. */
    static final int LONGEST_NUMBER = 100;

    /** In characters. */
    static final int LONGEST_TEXT = 1 << 20;

    /** The protocol's name for what these models are. */
    public static final String PLATFORM = "onnx_onnxv1";

    /** For every JSON that clients send to models. */
    public static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            // Buffers by thread, which is Jackson's own way, are made anew for each request on a virtual thread.
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxStringLength(LONGEST_TEXT)
                    .build())
            .build();

    private OpenInferenceJson() {}

    /**
     * Reads the body of an inference request.
     *
     * @param jsonLength how much of the body is JSON; the rest are binary tensors in the order of the inputs
     * @throws InvalidInputException saying everything that is wrong with it
     */
    public static InferRequest readRequest(byte[] body, int jsonLength, NumberForm numbers) {
        if (jsonLength < 0 || jsonLength > body.length) {
            throw new InvalidInputException("Inference-Header-Content-Length: " + jsonLength
                    + " (expected: how many of the body's " + body.length + " bytes are JSON)");
        }
        Optional<InferRequest> plain =
                jsonLength == body.length ? PlainRequestReader.find(body, numbers) : Optional.empty();
        return plain.orElseGet(() -> new RequestReader(body, jsonLength, numbers).read());
    }

    /**
     * Reads a body that is nothing but the one tensor that the model takes; the answer's outputs are binary, too. A dimension that the
     * model leaves open is found from the size.
     *
     * @throws InvalidInputException when the model takes several, or the size doesn't fit
     */
    public static InferRequest readRaw(byte[] body, List<TensorMetadata> inputs) {
        if (inputs.size() != 1) {
            throw new InvalidInputException(
                    "body: no JSON (expected: JSON that says which tensors follow, since the model takes "
                            + inputs.size() + " inputs)");
        }
        TensorMetadata input = inputs.getFirst();
        Tensor tensor =
                RawTensors.read(input.name(), input.datatype(), rawShape(input, body.length), ByteBuffer.wrap(body));
        return new InferRequest(Optional.empty(), Map.of(), List.of(tensor), List.of(), TensorForm.BINARY);
    }

    private static long[] rawShape(TensorMetadata input, int bytes) {
        long[] shape = input.shape().clone();
        // The first is the batch, which is one here.
        if (shape.length > 1 && shape[0] < 0) {
            shape[0] = 1;
        }
        List<Integer> open = new ArrayList<>();
        long known = 1;
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] < 0) {
                open.add(i);
            } else {
                known = Math.multiplyExact(known, shape[i]);
            }
        }
        if (open.size() > 1) {
            throw new InvalidInputException("body: no JSON (expected: JSON that says the shape, since "
                    + Tensor.describe(input.shape()) + " leaves more than one dimension open)");
        }
        if (open.size() == 1) {
            long element = known * input.datatype().bytes();
            shape[open.getFirst()] = input.datatype() == Datatype.BYTES || element == 0 ? 1 : bytes / element;
        }
        return shape;
    }

    /** What to say of a body that is not JSON, or that holds more than is accepted. */
    public static InvalidInputException notJson(IOException e) {
        return new InvalidInputException("body: " + JsonMistake.describe(e));
    }

    /** Encodes the answer to {@code request}: each output in the form in which it was asked for. */
    public static EncodedBody writeResponse(InferRequest request, InferResponse response) {
        return new ResponseWriter(request, response).write(256);
    }

    /**
     * Encodes a request to another server, for all outputs.
     *
     * @param form of the inputs, and of the outputs
     * @param timeout how long the answer is waited for; the server is told
     */
    public static EncodedBody writeRequest(List<Tensor> inputs, TensorForm form, Duration timeout) {
        return new RequestWriter(inputs, form, timeout).write(512);
    }

    /**
     * Reads the outputs of another server's answer.
     *
     * @param jsonLength how much of the body is JSON; the rest are binary tensors in the order of the outputs
     * @throws InvalidInputException saying everything that is wrong with its form
     */
    public static List<Tensor> readResponse(byte[] body, int jsonLength) {
        if (jsonLength < 0 || jsonLength > body.length) {
            throw new InvalidInputException("Inference-Header-Content-Length: " + jsonLength
                    + " (expected: how many of the body's " + body.length + " bytes are JSON)");
        }
        return new ResponseReader(body, jsonLength).read();
    }

    /**
     * Reads what another server says of a model.
     *
     * @throws InvalidInputException when it is not understood
     */
    public static ModelTensors readMetadata(byte[] body) {
        return MetadataReader.tensors(body);
    }

    /**
     * Whether what another server says of itself names an extension of the protocol.
     *
     * @throws InvalidInputException when it is not understood
     */
    public static boolean namesExtension(byte[] body, String extension) {
        return MetadataReader.namesExtension(body, extension);
    }

    /** The body of a model metadata answer. */
    public static byte[] writeMetadata(
            String name, List<String> versions, List<TensorMetadata> inputs, List<TensorMetadata> outputs) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(512);
                JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("name", name);
            json.writeArrayFieldStart("versions");
            for (String version : versions) {
                json.writeString(version);
            }
            json.writeEndArray();
            json.writeStringField("platform", PLATFORM);
            writeTensors(json, "inputs", inputs);
            writeTensors(json, "outputs", outputs);
            json.writeEndObject();
            json.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Tensors as a JSON array, for the record.
     *
     * @param largest a tensor of more bytes is said by its size and SHA-256 instead of its elements
     */
    public static String writeTensors(List<Tensor> tensors, int largest) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(512);
                JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartArray();
            for (Tensor tensor : tensors) {
                TensorJson.write(json, tensor, largest);
            }
            json.writeEndArray();
            json.flush();
            return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request with a tensor of zeros for each input, in texts too, since some are read as numbers; dimensions that are open are one. */
    public static String zeros(List<TensorMetadata> inputs) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(512);
                JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeArrayFieldStart("inputs");
            for (TensorMetadata input : inputs) {
                long[] shape = Arrays.stream(input.shape())
                        .map(size -> size < 0 ? 1 : size)
                        .toArray();
                int count = Math.toIntExact(Tensor.elements(shape));
                TensorValues values = input.datatype() == Datatype.BYTES
                        ? new TensorValues.Texts(Collections.nCopies(count, "0").toArray(String[]::new))
                        : new TensorValues.Packed(ByteBuffer.allocate(
                                Math.multiplyExact(count, input.datatype().bytes())));
                json.writeStartObject();
                TensorJson.writeHead(json, input.name(), input.datatype(), shape);
                TensorJson.writeData(json, new Tensor(input.name(), input.datatype(), shape, values));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
            json.flush();
            return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeTensors(JsonGenerator json, String field, List<TensorMetadata> tensors)
            throws IOException {
        json.writeArrayFieldStart(field);
        for (TensorMetadata tensor : tensors) {
            json.writeStartObject();
            TensorJson.writeHead(json, tensor.name(), tensor.datatype(), tensor.shape());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
