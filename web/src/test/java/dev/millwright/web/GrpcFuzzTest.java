package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.millwright.core.InvalidInputException;
import dev.millwright.inference.messages.ModelInferRequest;
import dev.millwright.serving.protocol.InferRequest;
import dev.millwright.serving.protocol.InferResponse;
import dev.millwright.serving.protocol.Tensor;
import java.util.Arrays;
import java.util.Map;

/** Whatever message comes: tensors that can be answered with, or a refusal that says why. Kept inputs lie among the resources. */
class GrpcFuzzTest {
    @FuzzTest
    void message(byte[] bytes) {
        ModelInferRequest message;
        try {
            message = ModelInferRequest.parseFrom(bytes);
        } catch (InvalidProtocolBufferException none) {
            return;
        }
        try {
            InferRequest request = GrpcMessages.read(message);
            for (Tensor tensor : request.inputs()) {
                assertThat((long) tensor.count()).isEqualTo(product(tensor.shape()));
            }
            InferResponse echo = new InferResponse("echo", "1", request.id(), Map.of(), request.inputs());
            assertThat(GrpcMessages.write(request, echo).getOutputsCount())
                    .isEqualTo(request.inputs().size());
        } catch (InvalidInputException refused) {
            assertThat(refused.problems()).hasSizeBetween(1, 21);
            assertThat(refused.getMessage()).hasSizeLessThan(20_000);
        }
    }

    private static long product(long... shape) {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }
}
