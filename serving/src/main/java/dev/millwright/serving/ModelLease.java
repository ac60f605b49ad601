package dev.millwright.serving;

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

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            instance.release();
            pool.leave(slot);
        }
    }
}
