package dev.millwright.serving.protocol;

import java.util.Optional;
import java.util.Set;

/** Parameters of single tensors. Most may be passed over; not so those that say where a tensor is, or make another one of it. */
public final class TensorParameters {
    private static final Set<String> UNSUPPORTED = Set.of("shared_memory_region", "classification");

    private TensorParameters() {}

    /** What to say of a parameter that can't be passed over, and isn't supported; empty for all others. */
    public static Optional<String> refusal(String parameter) {
        return UNSUPPORTED.contains(parameter)
                ? Optional.of("parameters." + parameter + ": not supported (expected: none). Leave it out")
                : Optional.empty();
    }
}
