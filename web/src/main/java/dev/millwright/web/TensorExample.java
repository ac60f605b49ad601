package dev.millwright.web;

import dev.millwright.serving.CallTarget;
import dev.millwright.serving.ModelDescription;
import dev.millwright.serving.Router;
import dev.millwright.serving.protocol.OpenInferenceJson;
import dev.millwright.serving.protocol.TensorMetadata;
import java.util.Arrays;
import java.util.Optional;

/** A request to try a model with that takes tensors: zeros, since nothing is known of it but its inputs. */
final class TensorExample {
    /** Of all inputs together: what is longer nobody tries by hand. */
    static final int MOST_ELEMENTS = 1 << 20;

    private TensorExample() {}

    /** What a version takes and gives; loads its model when that is not known without. */
    static ModelDescription describe(Router router, String endpoint, int version) {
        return router.describe(new CallTarget(endpoint, Optional.of(Integer.toString(version)), Optional.empty()));
    }

    /** The body of a request in the Open Inference Protocol; empty where it would be too long. */
    static Optional<String> request(ModelDescription description) {
        double elements = description.inputs().stream()
                .mapToDouble(TensorExample::elements)
                .sum();
        return elements <= MOST_ELEMENTS
                ? Optional.of(OpenInferenceJson.zeros(description.inputs()))
                : Optional.empty();
    }

    private static double elements(TensorMetadata input) {
        return Arrays.stream(input.shape())
                .mapToDouble(size -> Math.max(1, size))
                .reduce(1, (a, b) -> a * b);
    }
}
