package dev.millwright.serving;

import dev.millwright.core.MillwrightException;
import dev.millwright.serving.protocol.FeatureTensors;
import dev.millwright.serving.protocol.TensorMetadata;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The place of one model, in memory or not: loaded by the first request that needs it, while others wait for that, and freed
 * when memory is short. It exists as long as a route or a lease refers to it. Thread-safe.
 */
final class ModelSlot {
    private final ModelSource source;
    private final ModelPool pool;
    private final RouterOptions options;
    private final ExecutionCounts counts = new ExecutionCounts();
    private final ReentrantLock loading = new ReentrantLock();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger references = new AtomicInteger(1);

    private final AtomicReference<@Nullable LoadedInstance> instance = new AtomicReference<>();
    private volatile @Nullable Tensors described;
    private volatile @Nullable Failure failed;

    /** What a model takes and gives, kept when the model is evicted. */
    record Tensors(List<TensorMetadata> inputs, List<TensorMetadata> outputs) {}

    /** A load that failed, and until when it is not tried again. */
    private record Failure(MillwrightException cause, long until) {}

    /** Referred to once, by the caller. */
    ModelSlot(ModelSource source, ModelPool pool, RouterOptions options) {
        this.source = source;
        this.pool = pool;
        this.options = options;
    }

    ModelSource source() {
        return source;
    }

    ExecutionStatistics executions() {
        return counts.snapshot();
    }

    ExecutionCounts counts() {
        return counts;
    }

    /** False when nothing refers to it any more: it has been taken out of the pool, or is about to be. */
    boolean tryRefer() {
        int count = references.get();
        while (count > 0) {
            if (references.compareAndSet(count, count + 1)) {
                return true;
            }
            count = references.get();
        }
        return false;
    }

    /** True when that was the last. */
    boolean leave() {
        return references.decrementAndGet() == 0;
    }

    /** The model, if it is in memory. */
    Optional<LoadedInstance> findInstance() {
        return Optional.ofNullable(instance.get());
    }

    /**
     * How long a row has kept it busy of late, in nanoseconds; long where it is not in memory, asks others, was never asked, or took very
     * long over some row just before.
     */
    long rowNanos() {
        LoadedInstance loaded = instance.get();
        return loaded == null
                        || source.asksOthers()
                        || loaded.model().callsElsewhere().isPresent()
                        || counts.stalledOfLate()
                ? Long.MAX_VALUE
                : counts.rowNanos().orElse(Long.MAX_VALUE);
    }

    /** How long its runs took of late, in nanoseconds; a second before the first. */
    long recentNanos() {
        return counts.recentNanos();
    }

    /** Whether one more request would be refused. */
    boolean isFull() {
        LoadedInstance loaded = instance.get();
        return loaded != null && loaded.isFull();
    }

    /** Rows that wait. */
    int depth() {
        LoadedInstance loaded = instance.get();
        return loaded == null ? 0 : loaded.depth();
    }

    /**
     * The model, loaded if need be, to be {@linkplain LoadedInstance#release released} by the caller; empty when nothing
     * refers to this slot any more. Who waits for another one's load waits no longer than its deadline; who loads it waits until it is
     * there, for others may.
     *
     * @param nanoTime now
     * @param patience whether it may be loaded now
     * @throws MillwrightException when it can't be loaded, when too many wait for that already, or when that takes too long
     */
    Optional<LoadedInstance> hold(long nanoTime, Deadline deadline, Patience patience) {
        if (patience instanceof Round && source.asksOthers()) {
            throw new WouldWaitException();
        }
        LoadedInstance loaded = instance.get();
        if (loaded != null && loaded.tryHold(nanoTime)) {
            return Optional.of(loaded);
        }
        if (patience instanceof Round) {
            throw new WouldWaitException();
        }
        return holdLoading(deadline);
    }

    private Optional<LoadedInstance> holdLoading(Deadline deadline) {
        if (waiting.incrementAndGet() > options.loading().waiting()) {
            waiting.decrementAndGet();
            throw new MillwrightException(
                    ServingError.OVERLOADED,
                    "model: " + source.name() + " is being loaded, and "
                            + options.loading().waiting()
                            + " requests wait for it (expected: fewer). Send it again in a while.");
        }
        try {
            if (!loading.tryLock(Math.max(0, deadline.left()), TimeUnit.NANOSECONDS)) {
                throw new MillwrightException(
                        ServingError.DEADLINE_PASSED,
                        "deadline: passed while " + source.name() + " was being loaded (expected: an answer in time)."
                                + " Wait longer.");
            }
            try {
                return holdOrLoad();
            } finally {
                loading.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MillwrightException(
                    ServingError.RUNTIME_CLOSED, "model: " + source.name() + ": interrupted. Send it again.", e);
        } finally {
            waiting.decrementAndGet();
        }
    }

    private Optional<LoadedInstance> holdOrLoad() {
        if (references.get() == 0) {
            return Optional.empty();
        }
        LoadedInstance loaded = instance.get();
        if (loaded != null && loaded.tryHold(System.nanoTime())) {
            return Optional.of(loaded);
        }
        Failure before = failed;
        if (before != null && before.until() - System.nanoTime() > 0) {
            throw before.cause();
        }
        try {
            LoadedInstance fresh = pool.load(this);
            boolean held = fresh.tryHold(System.nanoTime());
            pool.place(this, fresh);
            failed = null;
            described = describe(fresh.model());
            if (references.get() == 0) {
                // Let go of meanwhile, by one who saw no instance to free.
                dropInstance();
            }
            return held ? Optional.of(fresh) : Optional.empty();
        } catch (MillwrightException cause) {
            failed = new Failure(
                    cause, System.nanoTime() + options.loading().retryAfter().toNanos());
            throw cause;
        }
    }

    /** Takes a model that is loaded. */
    void adopt(LoadedInstance loaded) {
        instance.set(loaded);
    }

    private static Tensors describe(LoadedModel model) {
        return switch (model) {
            case ModelRuntime runtime -> {
                FeatureTensors tensors = new FeatureTensors(runtime.signature());
                yield new Tensors(tensors.inputs(), tensors.outputs());
            }
            case TensorModel tensor -> new Tensors(tensor.inputs(), tensor.outputs());
        };
    }

    /** What the model takes and gives, where somebody has loaded it. */
    Optional<Tensors> findTensors() {
        Tensors known = described;
        return known != null ? Optional.of(known) : findInstance().map(loaded -> describe(loaded.model()));
    }

    /** What the model takes and gives; loads it when nobody knows yet. Empty when nothing refers to this slot any more. */
    Optional<Tensors> describe(Deadline deadline, Patience patience) {
        if (source.features().isPresent()) {
            FeatureTensors features = source.features().get();
            return Optional.of(new Tensors(features.inputs(), features.outputs()));
        }
        Tensors known = described;
        if (known != null) {
            return Optional.of(known);
        }
        Optional<LoadedInstance> held = hold(System.nanoTime(), deadline, patience);
        held.ifPresent(LoadedInstance::release);
        return held.map(loaded -> describe(loaded.model()));
    }

    /** Frees the model if no request needs it; true when it did. */
    boolean tryEvict() {
        LoadedInstance loaded = instance.get();
        if (loaded == null || !source.isReloadable() || !loaded.tryEvict()) {
            return false;
        }
        // Meanwhile a request may have found it gone, and loaded it anew.
        instance.compareAndSet(loaded, null);
        return true;
    }

    /** Frees the model after the last request in flight. */
    void dropInstance() {
        LoadedInstance loaded = instance.getAndSet(null);
        if (loaded != null) {
            loaded.release();
        }
    }
}
