package dev.millwright.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Counts what goes on before and in a model, apart from the requests around it. Lock-free. */
final class ExecutionCounts {
    /** Larger batches are counted together with this. */
    private static final int LARGEST = 1024;

    /** Runs over which durations are smoothed. */
    private static final long RECENT = 16;

    /** A run that takes longer than this on an event loop is noticed by all its clients. */
    private static final long STALL_NANOS = 50_000_000;

    /** Many rows may take that long; few that do take longer than this each. */
    private static final long STALL_ROW_NANOS = 1_000_000;

    /** How often as long as such a run its model's rows count as long. */
    private static final int PENANCE = 20;

    /** Smoothed duration of a run; long before the first. An update that is lost does no harm. */
    private volatile long recentNanos = 1_000_000_000;

    /** The same for each row of a run: the mean of the first ones, lest the very first, which is the slowest, counts for long. */
    private volatile long recentRowNanos;

    /** Runs that count there. */
    private volatile long recentRuns;

    private final LongSupplier nanoTime;

    /** Until when rows count as long, after a run that was. */
    private volatile long longUntil;

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

    ExecutionCounts() {
        this(System::nanoTime);
    }

    ExecutionCounts(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.longUntil = nanoTime.getAsLong();
    }

    void executed(int batchRows, int batchRequests, long nanos) {
        executions.increment();
        long recent = recentNanos;
        recentNanos = recent + (nanos - recent) / RECENT;
        took(nanos / Math.max(1, batchRows), nanos);
        requests.add(batchRequests);
        rows.add(batchRows);
        runNanos.add(nanos);
        int slot = Math.clamp(batchRows, 1, LARGEST);
        batches.incrementAndGet(slot);
        batchNanos.addAndGet(slot, nanos);
    }

    /** A run that gave no answer. Those that end soon say nothing about how long others take. */
    void failed(int batchRows, long nanos) {
        long row = nanos / Math.max(1, batchRows);
        if (row > recentRowNanos) {
            took(row, nanos);
        }
    }

    private void took(long row, long nanos) {
        long known = Math.min(RECENT, recentRuns + 1);
        long recentRow = recentRowNanos;
        recentRowNanos = recentRow + (row - recentRow) / known;
        recentRuns = known;
        if (nanos > STALL_NANOS && row > STALL_ROW_NANOS) {
            long until = nanoTime.getAsLong() + PENANCE * nanos;
            if (until - longUntil > 0) {
                longUntil = until;
            }
        }
    }

    /**
     * Whether a run was so long, shortly before, that no event loop should wait for the next: a model that takes its time over a few rows
     * has quick ones on average, too, and loops would stand still for the few.
     */
    boolean stalledOfLate() {
        return longUntil - nanoTime.getAsLong() > 0;
    }

    /** What a row has taken of late; empty before the first. */
    OptionalLong rowNanos() {
        return recentRuns == 0 ? OptionalLong.empty() : OptionalLong.of(recentRowNanos);
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
