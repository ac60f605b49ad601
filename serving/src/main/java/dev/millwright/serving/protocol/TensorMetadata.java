package dev.millwright.serving.protocol;

import java.util.Optional;

/**
 * What a model says of one of its inputs or outputs.
 *
 * @param shape its dimensions; -1 is any size
 */
public record TensorMetadata(String name, Datatype datatype, long... shape) {
    /** What of a tensor is not as said here, as {@code shape: [2,8] (expected: [-1,16])}; empty when it fits. Names are not compared. */
    public Optional<String> misfit(Tensor tensor) {
        if (tensor.datatype() != datatype) {
            return Optional.of("datatype: " + tensor.datatype() + " (expected: " + datatype + ")");
        }
        long[] sent = tensor.shape();
        // ONNX Runtime says [] of a graph that leaves the number of dimensions open, too; the run will tell.
        boolean fits = shape.length == 0 || sent.length == shape.length;
        for (int i = 0; fits && i < shape.length; i++) {
            fits = shape[i] < 0 || shape[i] == sent[i];
        }
        return fits
                ? Optional.empty()
                : Optional.of("shape: " + Tensor.describe(sent) + " (expected: " + Tensor.describe(shape) + ")");
    }
}
