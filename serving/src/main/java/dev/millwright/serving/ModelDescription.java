package dev.millwright.serving;

import dev.millwright.serving.protocol.TensorMetadata;
import java.util.List;

/** What a version that serves takes and gives. */
public record ModelDescription(WeightedVersion version, List<TensorMetadata> inputs, List<TensorMetadata> outputs) {
    public ModelDescription {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
