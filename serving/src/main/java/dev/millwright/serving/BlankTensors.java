package dev.millwright.serving;

import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorMetadata;
import dev.millwright.serving.protocol.TensorValues;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Tensors of zeros and empty texts: so many rows where the first dimension is open, one element where another one is. */
final class BlankTensors {
    private static final double MOST_ELEMENTS = 1 << 24;

    private BlankTensors() {}

    /** None when an input is too large for a trial. */
    static Optional<List<Tensor>> of(List<TensorMetadata> inputs, int rows) {
        return inputs.stream().allMatch(input -> elements(shape(input, rows)) <= MOST_ELEMENTS)
                ? Optional.of(inputs.stream().map(input -> blank(input, rows)).toList())
                : Optional.empty();
    }

    private static double elements(long[] shape) {
        return Arrays.stream(shape).mapToDouble(dimension -> dimension).reduce(1, (a, b) -> a * b);
    }

    private static long[] shape(TensorMetadata metadata, int rows) {
        long[] shape = Arrays.stream(metadata.shape())
                .map(dimension -> Math.max(1, dimension))
                .toArray();
        if (shape.length > 0 && metadata.shape()[0] < 0) {
            shape[0] = rows;
        }
        return shape;
    }

    private static Tensor blank(TensorMetadata metadata, int rows) {
        long[] shape = shape(metadata, rows);
        int count = (int) elements(shape);
        if (metadata.datatype() == Datatype.BYTES) {
            String[] texts = new String[count];
            Arrays.fill(texts, "");
            return Tensor.of(metadata.name(), texts, shape);
        }
        TensorValues values = metadata.datatype() == Datatype.FP32
                ? new TensorValues.Floats(new float[count])
                : new TensorValues.Packed(
                        ByteBuffer.allocate(count * metadata.datatype().bytes()));
        return new Tensor(metadata.name(), metadata.datatype(), shape, values);
    }
}
