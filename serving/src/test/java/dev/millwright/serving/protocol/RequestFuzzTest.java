package dev.millwright.serving.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.millwright.core.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whatever bytes come: a request that can be written and read again, or a refusal that says why. Kept inputs lie among the resources. */
class RequestFuzzTest {
    @FuzzTest
    void json(byte[] body) {
        read(body, body.length, NumberForm.EXACT);
    }

    @FuzzTest
    void features(byte[] body) {
        read(body, body.length, NumberForm.FLOATS);
    }

    /** The first two bytes say how much is JSON. */
    @FuzzTest
    void binary(byte[] input) {
        if (input.length >= 2) {
            int jsonLength = ByteBuffer.wrap(input).getShort();
            byte[] body = new byte[input.length - 2];
            System.arraycopy(input, 2, body, 0, body.length);
            read(body, jsonLength, NumberForm.EXACT);
        }
    }

    /** The first bytes choose what the model takes. */
    @FuzzTest
    void raw(byte[] input) {
        if (input.length < 3) {
            return;
        }
        List<String> datatypes = Datatype.names();
        Datatype datatype = Datatype.find(datatypes.get(Byte.toUnsignedInt(input[0]) % datatypes.size()))
                .orElseThrow();
        long[] shape = new long[input[1] & 3];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = ((input[2] >> (2 * i)) & 3) - 1L;
        }
        byte[] body = new byte[input.length - 3];
        System.arraycopy(input, 3, body, 0, body.length);
        try {
            requireSame(OpenInferenceJson.readRaw(body, List.of(new TensorMetadata("x", datatype, shape))));
        } catch (InvalidInputException refused) {
            requireReadable(refused);
        }
    }

    private static void read(byte[] body, int jsonLength, NumberForm numbers) {
        if (jsonLength == body.length) {
            PlainRequestReader.find(body, numbers)
                    .ifPresent(plain -> PlainRequestReaderTest.requireSame(
                            plain, new RequestReader(body, jsonLength, numbers).read()));
        }
        try {
            requireSame(OpenInferenceJson.readRequest(body, jsonLength, numbers));
        } catch (InvalidInputException refused) {
            requireReadable(refused);
        }
    }

    private static void requireReadable(InvalidInputException refused) {
        assertThat(refused.problems()).hasSizeBetween(1, 21);
        assertThat(refused.getMessage()).hasSizeLessThan(20_000);
    }

    private static void requireSame(InferRequest request) {
        for (Tensor tensor : request.inputs()) {
            assertThat((long) tensor.count()).isEqualTo(Tensor.elements(tensor.shape()));
            // The values of a model of features are floats whatever they were sent as.
            if (!(tensor.values() instanceof TensorValues.Floats) || tensor.datatype() == Datatype.FP32) {
                requireSameBytes(tensor);
                requireSameJson(tensor);
            }
        }
        InferResponse echo = new InferResponse("echo", "1", request.id(), Map.of(), renamed(request.inputs()));
        for (TensorForm form : TensorForm.values()) {
            InferRequest asking = new InferRequest(request.id(), Map.of(), List.of(), request.outputs(), form);
            assertThat(OpenInferenceJson.writeResponse(asking, echo).body()).isNotEmpty();
        }
    }

    /** Answers have the model's names. */
    private static List<Tensor> renamed(List<Tensor> tensors) {
        List<Tensor> renamed = new ArrayList<>();
        for (Tensor tensor : tensors) {
            if (!(tensor.values() instanceof TensorValues.Floats) || tensor.datatype() == Datatype.FP32) {
                renamed.add(new Tensor("t" + renamed.size(), tensor.datatype(), tensor.shape(), tensor.values()));
            }
        }
        return renamed;
    }

    private static void requireSameBytes(Tensor tensor) {
        byte[] once = bytes(tensor);
        Tensor again = RawTensors.read(tensor.name(), tensor.datatype(), tensor.shape(), ByteBuffer.wrap(once));
        assertThat(bytes(again)).isEqualTo(once);
    }

    private static byte[] bytes(Tensor tensor) {
        ByteBuffer bytes = ByteBuffer.allocate(RawTensors.size(tensor));
        RawTensors.write(tensor, bytes);
        assertThat(bytes.hasRemaining()).isFalse();
        return bytes.array();
    }

    private static void requireSameJson(Tensor tensor) {
        String once = json(new Tensor("x", tensor.datatype(), tensor.shape(), tensor.values()));
        byte[] body = ("{\"inputs\":" + once + "}").getBytes(StandardCharsets.UTF_8);
        InferRequest again = OpenInferenceJson.readRequest(body, body.length, NumberForm.EXACT);
        assertThat(json(again.inputs().getFirst())).isEqualTo(once);
        assertThat(again.id()).isEqualTo(Optional.empty());
    }

    private static String json(Tensor tensor) {
        return OpenInferenceJson.writeTensors(List.of(tensor), Integer.MAX_VALUE);
    }
}
