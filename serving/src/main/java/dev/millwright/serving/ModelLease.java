package dev.millwright.serving;

import dev.millwright.serving.protocol.TensorMetadata;
import java.util.List;
import java.util.Optional;

/** Keeps a model in memory, so that what is about to serve is known to load. Closing it twice does nothing. */
public final class ModelLease implements AutoCloseable {
    private final ModelPool pool;
    private final ModelSlot slot;
    private final LoadedInstance instance;
    private boolean closed;

    ModelLease(ModelPool pool, ModelSlot slot, LoadedInstance instance) {
        this.pool = pool;
        this.slot = slot;
        this.instance = instance;
    }

    /** What the model gives, where that is tensors; empty where it is predictions of rows. */
    public Optional<List<TensorMetadata>> findTensors() {
        return instance.model() instanceof TensorModel tensors ? Optional.of(tensors.outputs()) : Optional.empty();
    }

    /** How much of the memory for models it takes, from 0 on; the models that it asks in its turn are not counted. */
    public double memoryShare() {
        return (double) instance.bytes() / pool.memory();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            instance.release();
            pool.leave(slot);
        }
    }
}
