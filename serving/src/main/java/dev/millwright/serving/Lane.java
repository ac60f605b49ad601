package dev.millwright.serving;

import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;
import dev.millwright.serving.cache.ResultCache;
import dev.millwright.serving.protocol.OtherTensors;
import dev.millwright.serving.protocol.Tensor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A version as it stands in an installed route.
 *
 * @param others what the other versions of the route take and give
 * @param cache what it said already; null when its endpoint keeps nothing
 */
record Lane(
        WeightedVersion version,
        ModelSlot slot,
        VersionStatistics statistics,
        OtherTensors others,
        @Nullable ResultCache cache) {
    /** The number of the version, as requests name it. */
    String name() {
        return Integer.toString(version.version());
    }

    /** What the version said about a row, or what it says now. */
    CompletableFuture<Predictions> cached(Frame row, Supplier<CompletableFuture<Predictions>> model) {
        return cache == null ? model.get() : cache.predict(row, model);
    }

    /** What the version said about tensors, or what it says now. */
    CompletableFuture<List<Tensor>> cached(List<Tensor> inputs, Supplier<CompletableFuture<List<Tensor>>> model) {
        return cache == null ? model.get() : cache.run(inputs, model);
    }
}
