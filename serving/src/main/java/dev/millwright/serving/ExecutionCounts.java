package dev.millwright.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Counts what goes on before and in a model, apart from the requests around it. Lock-free. */
final class ExecutionCounts {
    /** Larger batches are counted together with this. */
    private static final int LARGEST = 1024;

    /** Where the counts of batches with equally many rows stand. */
    private static final int RUNS = 0;

    private static final int RUN_NANOS = 1;
    private static final int JOIN_NANOS = 2;
    private static final int PART_NANOS = 3;

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
    /** By rows: runs, and how long they took, joining before and parting after them. None where there was no such batch. */
    private final AtomicReferenceArray<@Nullable AtomicLongArray> batches = new AtomicReferenceArray<>(LARGEST + 1);

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
        AtomicLongArray batch = batch(batchRows);
        batch.incrementAndGet(RUNS);
        batch.addAndGet(RUN_NANOS, nanos);
    }

    private AtomicLongArray batch(int batchRows) {
        int slot = Math.clamp(batchRows, 1, LARGEST);
        AtomicLongArray known = batches.get(slot);
        if (known != null) {
            return known;
        }
        batches.compareAndSet(slot, null, new AtomicLongArray(PART_NANOS + 1));
        return Objects.requireNonNull(batches.get(slot));
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

    /** What was done around a run of so many rows, beside waiting. */
    void prepared(int batchRows, long joining, long parting) {
        joinNanos.add(joining);
        partNanos.add(parting);
        AtomicLongArray batch = batch(batchRows);
        batch.addAndGet(JOIN_NANOS, joining);
        batch.addAndGet(PART_NANOS, parting);
    }

    ExecutionStatistics snapshot() {
        List<ExecutionStatistics.Batch> sizes = new ArrayList<>();
        for (int size = 1; size <= LARGEST; size++) {
            AtomicLongArray batch = batches.get(size);
            if (batch != null) {
                sizes.add(new ExecutionStatistics.Batch(
                        size, batch.get(RUNS), batch.get(RUN_NANOS), batch.get(JOIN_NANOS), batch.get(PART_NANOS)));
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
