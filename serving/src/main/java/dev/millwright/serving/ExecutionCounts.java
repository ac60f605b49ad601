package dev.millwright.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
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

    /** The same for each row of a run; negative before the first. */
    private volatile long recentRowNanos = -1;

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
        long row = nanos / Math.max(1, batchRows);
        long recentRow = recentRowNanos;
        recentRowNanos = recentRow < 0 ? row : recentRow + (row - recentRow) / RECENT;
        requests.add(batchRequests);
        rows.add(batchRows);
        runNanos.add(nanos);
        int slot = Math.clamp(batchRows, 1, LARGEST);
        batches.incrementAndGet(slot);
        batchNanos.addAndGet(slot, nanos);
    }

    /** What a row has taken of late; empty before the first. */
    OptionalLong rowNanos() {
        long recent = recentRowNanos;
        return recent < 0 ? OptionalLong.empty() : OptionalLong.of(recent);
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
