package dev.millwright.serving;

import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorMetadata;
import dev.millwright.serving.protocol.TensorValues;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Tensors of zeros and empty texts, with one element where a dimension is open. */
final class BlankTensors {
    private static final double MOST_ELEMENTS = 1 << 24;

    private BlankTensors() {}

    /** None when an input is too large for a trial. */
    static Optional<List<Tensor>> of(List<TensorMetadata> inputs) {
        return inputs.stream().allMatch(input -> elements(input) <= MOST_ELEMENTS)
                ? Optional.of(inputs.stream().map(BlankTensors::blank).toList())
                : Optional.empty();
    }

    private static double elements(TensorMetadata metadata) {
        return Arrays.stream(shape(metadata))
                .mapToDouble(dimension -> dimension)
                .reduce(1, (a, b) -> a * b);
    }

    private static long[] shape(TensorMetadata metadata) {
        return Arrays.stream(metadata.shape())
                .map(dimension -> Math.max(1, dimension))
                .toArray();
    }

    private static Tensor blank(TensorMetadata metadata) {
        int count = (int) elements(metadata);
        if (metadata.datatype() == Datatype.BYTES) {
            String[] texts = new String[count];
            Arrays.fill(texts, "");
            return Tensor.of(metadata.name(), texts, shape(metadata));
        }
        TensorValues values = metadata.datatype() == Datatype.FP32
                ? new TensorValues.Floats(new float[count])
                : new TensorValues.Packed(
                        ByteBuffer.allocate(count * metadata.datatype().bytes()));
        return new Tensor(metadata.name(), metadata.datatype(), shape(metadata), values);
    }
}
