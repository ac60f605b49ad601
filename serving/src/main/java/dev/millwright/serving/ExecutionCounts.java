package dev.millwright.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts what goes on before and in a model, apart from the requests around it. Lock-free. */
final class ExecutionCounts {
    /** Larger batches are counted together with this. */
    private static final int LARGEST = 1024;

    /** Runs over which durations are smoothed. */
    private static final long RECENT = 16;

    /** Smoothed duration of a run; long before the first. An update that is lost does no harm. */
    private volatile long recentNanos = 1_000_000_000;

    /** The same for each row of a run; nothing before the first. */
    private volatile long recentRowNanos;

    private final LongAdder executions = new LongAdder();
    private final LongAdder requests = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder runNanos = new LongAdder();
    private final LongAdder waited = new LongAdder();
    private final LongAdder waitedNanos = new LongAdder();
    private final LongAdder joinNanos = new LongAdder();
    private final LongAdder partNanos = new LongAdder();
    private final AtomicLongArray batches = new AtomicLongArray(LARGEST + 1);
    private final AtomicLongArray batchNanos = new AtomicLongArray(LARGEST + 1);

    void executed(int batchRows, int batchRequests, long nanos) {
        executions.increment();
        long recent = recentNanos;
        recentNanos = recent + (nanos - recent) / RECENT;
        long recentRow = recentRowNanos;
        recentRowNanos = recentRow + (nanos / batchRows - recentRow) / RECENT;
        requests.add(batchRequests);
        rows.add(batchRows);
        runNanos.add(nanos);
        int slot = Math.clamp(batchRows, 1, LARGEST);
        batches.incrementAndGet(slot);
        batchNanos.addAndGet(slot, nanos);
    }

    /** Whether runs have been shorter than that of late. */
    boolean isShorter(long nanos) {
        return recentNanos < nanos;
    }

    /** What a row has taken of late; 0 while that is not known. */
    long rowNanos() {
        return recentRowNanos;
    }

    /** How long runs took of late, in nanoseconds; a second before the first. */
    long recentNanos() {
        return recentNanos;
    }

    void waited(long nanos) {
        waited.increment();
        waitedNanos.add(nanos);
    }

    void prepared(long joining, long parting) {
        joinNanos.add(joining);
        partNanos.add(parting);
    }

    ExecutionStatistics snapshot() {
        List<ExecutionStatistics.Batch> sizes = new ArrayList<>();
        for (int size = 1; size <= LARGEST; size++) {
            long count = batches.get(size);
            if (count > 0) {
                sizes.add(new ExecutionStatistics.Batch(size, count, batchNanos.get(size)));
            }
        }
        return new ExecutionStatistics(
                executions.sum(),
                requests.sum(),
                rows.sum(),
                runNanos.sum(),
                waited.sum(),
                waitedNanos.sum(),
                joinNanos.sum(),
                partNanos.sum(),
                sizes);
    }
}
