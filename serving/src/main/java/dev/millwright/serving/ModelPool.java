package dev.millwright.serving;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The models that routes refer to, as many of them in memory as its budget allows: when a load goes beyond it, those are freed that
 * were used longest ago, never one that answers a request. Thread-safe.
 */
final class ModelPool {
    private final RouterOptions options;
    private final ModelMemory measured;
    private final Executor background;
    private final ModelThreads threads;
    private final Map<ModelSource, ModelSlot> slots = new ConcurrentHashMap<>();
    private final ReentrantLock evicting = new ReentrantLock();

    /** Bytes of models for which room was made and that are not in their slots yet. Guarded by {@link #evicting}. */
    private long promised;

    /**
     * How many times the size of its file a model takes, by the newest that could be measured, for each power of two of that size: what
     * a small one takes beside its file says nothing of a large one. Guarded by {@link #evicting}.
     */
    private final double[] growth = new double[Long.SIZE];

    private final LongAdder loads = new LongAdder();
    private final LongAdder evictions = new LongAdder();

    ModelPool(RouterOptions options, ModelMemory memory, Executor background, ModelThreads threads) {
        this.options = options;
        this.measured = memory;
        this.background = orHere(background);
        this.threads = threads;
    }

    /** What ends after the executor did frees its models by itself: a graph that is closed then still has its members to free. */
    private static Executor orHere(Executor background) {
        return task -> {
            try {
                background.execute(task);
            } catch (RejectedExecutionException ended) {
                task.run();
            }
        };
    }

    /** Frees models, and whatever else may take longer than a prediction. */
    Executor background() {
        return background;
    }

    /** The slot of a model, referred to once more; {@link #leave} takes that back. */
    ModelSlot refer(ModelSource source) {
        while (true) {
            ModelSlot fresh = new ModelSlot(source, this, options);
            if (!source.isReloadable()) {
                fresh.adopt(instance(fresh, source.load(), source.size()));
            }
            ModelSlot known = slots.putIfAbsent(source, fresh);
            if (known == null) {
                return fresh;
            }
            if (known.tryRefer()) {
                return known;
            }
            slots.remove(source, known);
        }
    }

    void leave(ModelSlot slot) {
        if (slot.leave()) {
            slots.remove(slot.source(), slot);
            slot.dropInstance();
        }
    }

    /** Called by a slot, one load of a slot at a time; what comes of it has to be {@linkplain #place placed}. */
    LoadedInstance load(ModelSlot slot) {
        return isHere(slot) ? threads.load(() -> loadHere(slot)) : open(slot);
    }

    /** What asks others for its answers takes next to nothing: those here are loaded in slots of their own, and measured there. */
    private LoadedInstance open(ModelSlot slot) {
        LoadedModel model = slot.source().load();
        loads.increment();
        return instance(slot, model, slot.source().size());
    }

    private LoadedInstance loadHere(ModelSlot slot) {
        ModelMemory.Loading loading = measured.begin();
        LoadedModel model;
        long taken;
        try {
            model = warmedUp(slot.source().load());
        } finally {
            taken = loading.end();
        }
        long bytes = memory(taken, slot.source().size());
        loads.increment();
        LoadedInstance loaded = instance(slot, model, bytes);
        evicting.lock();
        try {
            // Others that are being loaded at the same time need their room, too.
            promised += bytes;
            evict(leastRecentlyUsed(slot));
        } finally {
            evicting.unlock();
        }
        return loaded;
    }

    /** What a model takes, by what was measured, or, beside other loads, by what those before it took for files of about its size. */
    private long memory(long taken, long size) {
        evicting.lock();
        try {
            int about = Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, size));
            if (taken > 0) {
                growth[about] = (double) taken / Math.max(1, size);
            }
            return Math.max(taken, (long) (Math.max(1, growth[about]) * size));
        } finally {
            evicting.unlock();
        }
    }

    private static LoadedModel warmedUp(LoadedModel model) {
        try {
            model.warmUp();
            return model;
        } catch (RuntimeException | Error failed) {
            model.close();
            throw failed;
        }
    }

    /** Puts a model that was loaded into its slot: from then on it counts as one that is in memory. */
    void place(ModelSlot slot, LoadedInstance loaded) {
        evicting.lock();
        try {
            slot.adopt(loaded);
            if (isHere(slot)) {
                promised -= loaded.bytes();
            }
        } finally {
            evicting.unlock();
        }
    }

    /** Whether it takes memory of its own in this process. */
    private static boolean isHere(ModelSlot slot) {
        return !slot.source().asksOthers() && !slot.source().isElsewhere();
    }

    private LoadedInstance instance(ModelSlot slot, LoadedModel model, long bytes) {
        // One that asks others would hold a thread while those wait for it.
        ModelThreads whose = slot.source().asksOthers() ? ModelThreads.OF_CALLERS : threads;
        return new LoadedInstance(slot.source().name(), model, bytes, options, slot.counts(), whose, background);
    }

    /** Frees what is beyond the budget since all of it was in use when the last model was loaded; never the one that was asked last. */
    void trim() {
        evicting.lock();
        try {
            if (promised + used() > memory()) {
                List<Candidate> candidates = leastRecentlyUsed(null);
                evict(candidates.subList(0, Math.max(0, candidates.size() - 1)));
            }
        } finally {
            evicting.unlock();
        }
    }

    private void evict(List<Candidate> candidates) {
        long used = promised + used();
        for (Candidate candidate : candidates) {
            if (used <= memory()) {
                return;
            }
            if (candidate.slot().tryEvict()) {
                used -= candidate.bytes();
                evictions.increment();
            }
        }
    }

    /** A model that might be freed, as it stood when that was asked. */
    private record Candidate(ModelSlot slot, long bytes, long lastUsed) {}

    private List<Candidate> leastRecentlyUsed(@Nullable ModelSlot except) {
        long now = System.nanoTime();
        List<Candidate> candidates = new ArrayList<>();
        for (ModelSlot slot : slots.values()) {
            if (slot != except && isHere(slot)) {
                slot.findInstance()
                        .ifPresent(
                                loaded -> candidates.add(new Candidate(slot, loaded.bytes(), loaded.lastUsed() - now)));
            }
        }
        candidates.sort(Comparator.comparingLong(Candidate::lastUsed));
        return candidates;
    }

    /** What they may take together, in bytes. */
    long memory() {
        return options.loading().memory();
    }

    /** Memory that the models in it took to load, in bytes. */
    long used() {
        return slots.values().stream()
                .map(ModelSlot::findInstance)
                .flatMap(Optional::stream)
                .mapToLong(LoadedInstance::bytes)
                .sum();
    }

    /** How many models are in memory. */
    int loaded() {
        return (int) slots.values().stream()
                .filter(slot -> slot.findInstance().isPresent())
                .count();
    }

    long loads() {
        return loads.sum();
    }

    long evictions() {
        return evictions.sum();
    }
}
