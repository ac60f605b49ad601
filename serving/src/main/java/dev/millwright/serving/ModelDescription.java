package dev.millwright.serving;

import dev.millwright.serving.protocol.FeatureTensors;
import dev.millwright.serving.protocol.TensorMetadata;
import java.util.List;
import java.util.Optional;

/**
 * What a version that serves takes and gives.
 *
 * @param features how tensors become feature rows; empty for a model that takes tensors as they are
 */
public record ModelDescription(
        WeightedVersion version,
        Optional<FeatureTensors> features,
        List<TensorMetadata> inputs,
        List<TensorMetadata> outputs) {
    public ModelDescription {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
