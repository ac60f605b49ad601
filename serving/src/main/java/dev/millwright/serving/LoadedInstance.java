package dev.millwright.serving;

import dev.millwright.core.Frame;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Predictions;
import dev.millwright.serving.protocol.Tensor;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A model in memory with the count of those who need it: its slot while it is not to be evicted, and each request in
 * flight. The last to leave frees it.
 */
final class LoadedInstance {
    private final String name;
    private final LoadedModel model;
    private final long bytes;
    private final Executor background;
    private final @Nullable Turns<Frame, Predictions> rows;
    private final @Nullable Turns<List<Tensor>, List<Tensor>> tensors;
    private final AtomicInteger holders = new AtomicInteger(1);
    private volatile long lastUsed;

    /** Held once, by its slot. */
    LoadedInstance(
            String name,
            LoadedModel model,
            long bytes,
            RouterOptions options,
            ExecutionCounts counts,
            ModelThreads threads,
            Executor background) {
        this.name = name;
        this.model = model;
        this.bytes = bytes;
        this.background = background;
        this.rows = model instanceof ModelRuntime runtime ? rows(runtime, options, counts, threads) : null;
        this.tensors = model instanceof TensorModel tensor ? tensors(tensor, options, counts, threads) : null;
        this.lastUsed = System.nanoTime();
    }

    private static Turns<Frame, Predictions> rows(
            ModelRuntime model, RouterOptions options, ExecutionCounts counts, ModelThreads threads) {
        RowWork work = new RowWork(model);
        return model.callsElsewhere().isEmpty()
                ? new Batcher<>(work, options, counts, threads)
                : new CallGate<>(model.callsElsewhere().getAsInt(), work::rows, model::predict, options, counts);
    }

    private static Turns<List<Tensor>, List<Tensor>> tensors(
            TensorModel model, RouterOptions options, ExecutionCounts counts, ModelThreads threads) {
        TensorWork work = new TensorWork(model);
        return model.callsElsewhere().isEmpty()
                ? new Batcher<>(work, options, counts, threads)
                : new CallGate<>(model.callsElsewhere().getAsInt(), work::rows, model::run, options, counts);
    }

    LoadedModel model() {
        return model;
    }

    /** Memory that loading it took. */
    long bytes() {
        return bytes;
    }

    /** As {@link System#nanoTime} showed it. */
    long lastUsed() {
        return lastUsed;
    }

    Turns<Frame, Predictions> rows() {
        if (rows == null) {
            throw new MillwrightException(
                    ServingError.OTHER_INPUT,
                    name + ": takes tensors (expected: a model that takes feature rows). Send them to /v2/models.");
        }
        return rows;
    }

    Turns<List<Tensor>, List<Tensor>> tensors() {
        if (tensors == null) {
            throw new MillwrightException(
                    ServingError.OTHER_INPUT,
                    name + ": takes feature rows (expected: a model that takes tensors as they are).");
        }
        return tensors;
    }

    /** Rows that wait. */
    int depth() {
        return rows != null ? rows.depth() : tensors().depth();
    }

    /** Whether one more request would be refused. */
    boolean isFull() {
        return rows != null ? rows.isFull() : tensors().isFull();
    }

    /** False when the last holder has left: the model is freed, or about to be. */
    boolean tryHold(long nanoTime) {
        int count = holders.get();
        while (count > 0) {
            if (holders.compareAndSet(count, count + 1)) {
                lastUsed = nanoTime;
                return true;
            }
            count = holders.get();
        }
        return false;
    }

    /** The last to leave frees the model, in the background: that takes longer than a prediction. */
    void release() {
        if (holders.decrementAndGet() == 0) {
            background.execute(model::close);
        }
    }

    /** Lets go of it if nothing but its slot holds it. */
    boolean tryEvict() {
        if (!holders.compareAndSet(1, 0)) {
            return false;
        }
        background.execute(model::close);
        return true;
    }
}
