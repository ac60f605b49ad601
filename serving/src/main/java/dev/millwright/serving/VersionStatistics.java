package dev.millwright.serving;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import dev.millwright.serving.cache.CacheCounts;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts of one version on one endpoint, from its first request on. Nothing is ever reset: a window is the difference
 * of two {@linkplain #snapshot snapshots}. Lock-free; a snapshot taken among requests may miss the newest in some of its
 * parts.
 */
public final class VersionStatistics {
    /** How a request ended. */
    public enum Outcome {
        OK,
        /** The caller's mistake: not held against the version. */
        INVALID,
        ERROR,
        /** Refused because too much waited already, or because its turn didn't come in time. */
        OVERLOADED,
        /** The caller gave too little time for any version: not held against this one. See {@link FailureCounts}. */
        LATE;

        /** How a request ended that failed; one whose time was up is late until it is known how much it was given. */
        static Outcome of(Throwable failure) {
            return switch (failure) {
                case InvalidInputException _ -> INVALID;
                case MillwrightException known when known.code() == ServingError.OTHER_INPUT -> INVALID;
                case MillwrightException known when known.code() == ServingError.OVERLOADED -> OVERLOADED;
                case MillwrightException known when known.code() == ServingError.DEADLINE_PASSED -> LATE;
                default -> ERROR;
            };
        }

        /** Where the counts of this outcome stand. */
        int slot() {
            return switch (this) {
                case OK -> 0;
                case INVALID -> 1;
                case ERROR -> 2;
                case OVERLOADED -> 3;
                case LATE -> 4;
            };
        }

        /** As in metrics: lower case. */
        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final AtomicLongArray outcomes = new AtomicLongArray(Outcome.values().length);
    private final BinCounts latencies = new BinCounts(LatencyBins.COUNT);
    private final LongAdder latencySum = new LongAdder();
    private final LongAdder failureNanos = new LongAdder();
    private final LongAdder refusedAlone = new LongAdder();
    private final BinCounts outputs;
    private final CacheCounts cached = new CacheCounts();
    private final AnswerComparison comparison = new AnswerComparison();
    private volatile long lastAnswered;

    /** Of a version that predicts as the signature says. */
    public VersionStatistics(ModelSignature signature) {
        this(signature.task() == Task.MULTICLASS ? signature.classes().size() : OutputBins.NUMERIC);
    }

    private VersionStatistics(int outputBins) {
        this.outputs = new BinCounts(outputBins);
    }

    /** Of a version that gives tensors, whose values are not counted. */
    public static VersionStatistics withoutOutputs() {
        return new VersionStatistics(0);
    }

    /**
     * Counts an answered request.
     *
     * @param nanos from the call to the answer
     */
    public void recordSuccess(Predictions predictions, long nanos) {
        record(Outcome.OK, nanos);
        for (int row = 0; row < predictions.rows(); row++) {
            outputs.increment(OutputBins.bin(predictions, row));
        }
    }

    /** Counts an answered request whose answer's values are not counted. */
    public void recordSuccess(long nanos) {
        record(Outcome.OK, nanos);
    }

    /** Counts a request without an answer. */
    public void recordFailure(Outcome outcome, long nanos) {
        record(outcome, nanos);
        failureNanos.add(nanos);
    }

    /** Says of a request that was counted as {@link Outcome#INVALID} that the version served beside this one takes it. */
    public void recordRefusedAlone() {
        refusedAlone.increment();
    }

    private void record(Outcome outcome, long nanos) {
        outcomes.incrementAndGet(outcome.slot());
        latencies.increment(LatencyBins.bin(nanos));
        latencySum.add(nanos);
    }

    /** Notes when a request that was answered had arrived. */
    public void markAnswered(Instant time) {
        lastAnswered = time.toEpochMilli();
    }

    /** When the newest of the requests that were answered had arrived; empty before the first. */
    public Optional<Instant> lastAnswered() {
        long millis = lastAnswered;
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    /** How often answers were kept already; all 0 without a cache. */
    public CacheCounts cached() {
        return cached;
    }

    /** How its answers differed from those that were given, as long as it was asked beside another version. */
    public AnswerComparison comparison() {
        return comparison;
    }

    /** The counts so far. */
    public StatisticsSnapshot snapshot() {
        return new StatisticsSnapshot(
                copy(outcomes),
                latencies.snapshot(),
                latencySum.sum(),
                failureNanos.sum(),
                refusedAlone.sum(),
                outputs.snapshot());
    }

    private static long[] copy(AtomicLongArray counts) {
        long[] copy = new long[counts.length()];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = counts.get(i);
        }
        return copy;
    }
}
