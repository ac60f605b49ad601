package dev.millwright.serving;

import java.util.List;
import java.util.OptionalInt;

/** A model in memory: one that takes feature rows, or one that takes tensors as they are. */
public sealed interface LoadedModel extends AutoCloseable permits ModelRuntime, TensorModel {
    /**
     * Runs it on blank inputs, in the sizes that requests come in, so that the first of those needn't wait for what only first runs
     * do. A model that refuses blank inputs stays cold.
     */
    default void warmUp() {}

    /**
     * For a model that is asked elsewhere, how many calls may be under way at a time: they take time but no core of this machine, so
     * they are neither joined nor made by a thread that has others to serve. Empty for a model that runs in this process.
     */
    default OptionalInt callsElsewhere() {
        return OptionalInt.empty();
    }

    /** The servers that answer for it; none for a model that runs in this process. */
    default List<BackendStatus> backends() {
        return List.of();
    }

    /** Waits for the calls in flight, then frees the model. Doing it twice is harmless. */
    @Override
    void close();
}
