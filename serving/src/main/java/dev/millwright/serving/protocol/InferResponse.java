package dev.millwright.serving.protocol;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The answer to an inference request, before it is encoded.
 *
 * @param id the client's own, echoed
 */
public record InferResponse(
        String modelName,
        String modelVersion,
        Optional<String> id,
        Map<String, String> parameters,
        List<Tensor> outputs) {
    public InferResponse {
        outputs = List.copyOf(outputs);
    }
}
