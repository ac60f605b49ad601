package dev.millwright.serving;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** A runtime with the count of those who need it: one for each route that holds it, one for each request in flight. */
final class SharedRuntime {
    private final ModelRuntime runtime;
    private final Batcher batcher;
    private final Executor background;
    private final AtomicInteger holders = new AtomicInteger(1);

    /** Held once, by the caller. */
    SharedRuntime(ModelRuntime runtime, RouterOptions options, Executor background) {
        this.runtime = runtime;
        this.batcher = new Batcher(runtime, options);
        this.background = background;
    }

    ModelRuntime runtime() {
        return runtime;
    }

    Batcher batcher() {
        return batcher;
    }

    /** False when the last holder has left: the runtime is closed, or about to be. */
    boolean tryHold() {
        int count = holders.get();
        while (count > 0) {
            if (holders.compareAndSet(count, count + 1)) {
                return true;
            }
            count = holders.get();
        }
        return false;
    }

    /** The last to leave closes the runtime, in the background: freeing a model takes longer than a prediction. */
    void release() {
        if (holders.decrementAndGet() == 0) {
            background.execute(runtime::close);
        }
    }

    boolean isFree() {
        return holders.get() == 0;
    }
}
