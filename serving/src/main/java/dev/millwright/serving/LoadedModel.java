package dev.millwright.serving;

/** A model in memory: one that takes feature rows, or one that takes tensors as they are. */
public sealed interface LoadedModel extends AutoCloseable permits ModelRuntime, TensorModel {
    /**
     * Runs it on blank inputs, in the sizes that requests come in, so that the first of those needn't wait for what only first runs
     * do. A model that refuses blank inputs stays cold.
     */
    default void warmUp() {}

    /** Waits for the calls in flight, then frees the model. Doing it twice is harmless. */
    @Override
    void close();
}
