package dev.millwright.serving;

import dev.millwright.serving.protocol.Tensor;
import java.util.List;

/**
 * The answer of a model that gives tensors.
 *
 * @param predictionId a UUIDv7 that the server made
 * @param nanos from the call to the answer, waiting included
 */
public record TensorResult(String predictionId, String endpoint, int modelVersion, List<Tensor> outputs, long nanos) {
    public TensorResult {
        outputs = List.copyOf(outputs);
    }
}
