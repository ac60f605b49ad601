package dev.millwright.serving;

/** A model in memory: one that takes feature rows, or one that takes tensors as they are. */
public sealed interface LoadedModel extends AutoCloseable permits ModelRuntime, TensorModel {
    /** Waits for the calls in flight, then frees the model. Doing it twice is harmless. */
    @Override
    void close();
}
