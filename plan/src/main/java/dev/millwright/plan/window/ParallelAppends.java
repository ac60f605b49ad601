package dev.millwright.plan.window;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Adds events to a store on other threads, those of a key in the order in which they come: to fill one that nobody reads yet. Most of
 * the work is waiting for memory, which several threads do at the same time. Used by one thread; {@link #close} returns when all events
 * are in the store.
 */
public final class ParallelAppends implements WindowStore, AutoCloseable {
    private static final int BATCH = 512;
    /** Batches that a lane may be behind. */
    private static final int BEHIND = 16;

    private final WindowStore store;
    private final List<Lane> lanes = new ArrayList<>();

    private record Append(
            String window,
            List<@Nullable Object> key,
            long time,
            @Nullable Object[] values) {}

    /** @param threads how many others to use */
    public ParallelAppends(WindowStore store, int threads, ThreadFactory factory) {
        this.store = store;
        for (int i = 0; i < threads; i++) {
            lanes.add(new Lane(factory));
        }
    }

    @Override
    public void append(String window, List<@Nullable Object> key, long timestampMicros, @Nullable Object[] values) {
        lanes.get(Math.floorMod(key.hashCode(), lanes.size())).add(new Append(window, key, timestampMicros, values));
    }

    /** Not while it is filled. */
    @Override
    public List<WindowSummary> summarise(String window, List<@Nullable Object> key, List<Span> spans) {
        throw new IllegalStateException("window: " + window + " is being filled (expected: one that nobody reads)");
    }

    /**
     * Waits until all is added.
     *
     * @throws RuntimeException that an append failed with
     */
    @Override
    public void close() {
        lanes.forEach(Lane::end);
        lanes.stream()
                .flatMap(lane -> lane.join().stream())
                .reduce((first, second) -> first)
                .ifPresent(failure -> {
                    throw failure;
                });
    }

    /** A thread and what it has yet to add. */
    private final class Lane {
        private final BlockingQueue<List<Append>> queue = new ArrayBlockingQueue<>(BEHIND);
        private final Thread thread;
        private List<Append> batch = new ArrayList<>(BATCH);
        private volatile @Nullable RuntimeException failure;

        Lane(ThreadFactory factory) {
            this.thread = factory.newThread(this::work);
            thread.start();
        }

        void add(Append append) {
            batch.add(append);
            if (batch.size() == BATCH) {
                hand(batch);
                batch = new ArrayList<>(BATCH);
            }
        }

        private void hand(List<Append> full) {
            try {
                queue.put(full);
            } catch (InterruptedException stopping) {
                thread.interrupt();
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while windows were filled", stopping);
            }
        }

        /** An empty batch is the last one. */
        void end() {
            if (!batch.isEmpty()) {
                hand(batch);
            }
            hand(List.of());
        }

        private void work() {
            try {
                for (List<Append> next = queue.take(); !next.isEmpty(); next = queue.take()) {
                    if (failure == null) {
                        add(next);
                    }
                }
            } catch (InterruptedException given) {
                Thread.currentThread().interrupt(); // the one who fills it gave up, and says so
            }
        }

        /** After a failure what else comes is taken and left, so that the other side is not held up. */
        private void add(List<Append> appends) {
            try {
                for (Append append : appends) {
                    store.append(append.window(), append.key(), append.time(), append.values());
                }
            } catch (RuntimeException failed) {
                failure = failed;
            }
        }

        Optional<RuntimeException> join() {
            try {
                thread.join();
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                return Optional.of(new IllegalStateException("interrupted while windows were filled", stopping));
            }
            return Optional.ofNullable(failure);
        }
    }
}
