package dev.millwright.serving.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a model takes and gives. */
public record ModelTensors(List<TensorMetadata> inputs, List<TensorMetadata> outputs) {
    public ModelTensors {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** How another model differs from this one, as {@code inputs.x.shape: [-1,3] (expected: [-1,2])}; empty when it does not. */
    public Optional<String> difference(ModelTensors other) {
        return difference("inputs", inputs, other.inputs).or(() -> difference("outputs", outputs, other.outputs));
    }

    private static Optional<String> difference(
            String field, List<TensorMetadata> expected, List<TensorMetadata> found) {
        List<String> names = expected.stream().map(TensorMetadata::name).toList();
        List<String> others = found.stream().map(TensorMetadata::name).toList();
        if (!names.equals(others)) {
            return Optional.of(field + ": " + others + " (expected: " + names + ")");
        }
        for (int i = 0; i < expected.size(); i++) {
            TensorMetadata one = expected.get(i);
            TensorMetadata another = found.get(i);
            if (one.datatype() != another.datatype()) {
                return Optional.of(field + "." + one.name() + ".datatype: " + another.datatype() + " (expected: "
                        + one.datatype() + ")");
            }
            if (!Arrays.equals(one.shape(), another.shape())) {
                return Optional.of(field + "." + one.name() + ".shape: " + Tensor.describe(another.shape())
                        + " (expected: " + Tensor.describe(one.shape()) + ")");
            }
        }
        return Optional.empty();
    }
}
