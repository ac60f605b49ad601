package dev.millwright.serving;

import dev.millwright.serving.protocol.FeatureTensors;
import dev.millwright.serving.protocol.OtherTensors;
import dev.millwright.serving.protocol.TensorMetadata;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the other versions of a route take and give. Asked only about names that the version itself doesn't know, so that it costs nothing
 * where versions are alike. A model that nobody has loaded yet may know any name: it is not loaded for the sake of a request to another.
 *
 * @param own of the version that is asked
 * @param all of the route
 */
record RouteTensors(ModelSlot own, List<ModelSlot> all) implements OtherTensors {
    @Override
    public boolean takes(String input) {
        return others(input, FeatureTensors::takes, ModelSlot.Tensors::inputs);
    }

    @Override
    public boolean gives(String output) {
        return others(output, FeatureTensors::gives, ModelSlot.Tensors::outputs);
    }

    /** Whether a name is known to a model. */
    private interface Knows {
        boolean test(FeatureTensors features, String name);
    }

    private boolean others(String name, Knows features, Function<ModelSlot.Tensors, List<TensorMetadata>> tensors) {
        for (ModelSlot slot : all) {
            if (slot != own && knows(slot, name, features, tensors)) {
                return true;
            }
        }
        return false;
    }

    private static boolean knows(
            ModelSlot slot, String name, Knows features, Function<ModelSlot.Tensors, List<TensorMetadata>> tensors) {
        Optional<FeatureTensors> rows = slot.source().features();
        if (rows.isPresent()) {
            return features.test(rows.get(), name);
        }
        Optional<ModelSlot.Tensors> described = slot.findTensors();
        return described.isEmpty()
                || tensors.apply(described.get()).stream()
                        .anyMatch(tensor -> tensor.name().equals(name));
    }
}
