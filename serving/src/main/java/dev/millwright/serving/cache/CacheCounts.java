package dev.millwright.serving.cache;

import java.util.concurrent.atomic.LongAdder;

/** How often answers were there. Thread-safe. */
public final class CacheCounts {
    private final LongAdder hits = new LongAdder();
    private final LongAdder hitNanos = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder missNanos = new LongAdder();

    /**
     * Counts up to a moment. Requests that are not looked up, those of several rows, are in neither.
     *
     * @param hits requests whose answer was there
     * @param hitNanos finding them, in nanoseconds
     * @param misses requests whose answer had to be asked for
     * @param missNanos looking for them, and keeping what the model said
     */
    public record Snapshot(long hits, long hitNanos, long misses, long missNanos) {}

    void hit(long nanos) {
        hits.increment();
        hitNanos.add(nanos);
    }

    void miss(long nanos) {
        misses.increment();
        missNanos.add(nanos);
    }

    /** The counts so far. */
    public Snapshot snapshot() {
        return new Snapshot(hits.sum(), hitNanos.sum(), misses.sum(), missNanos.sum());
    }
}
