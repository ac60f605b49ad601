package dev.millwright.serving;

import dev.millwright.serving.VersionStatistics.Outcome;
import java.time.Duration;

/**
 * The counts of one version on one endpoint at one moment, or between two.
 *
 * @param outcomes requests by {@link Outcome}
 * @param latencies requests by duration; see {@link #latency}
 * @param latencySumNanos all durations together
 * @param failureNanos those of requests without an answer
 * @param refusedAlone those among the invalid requests that another version takes
 * @param outputs rows by what the model answered
 */
public record StatisticsSnapshot(
        long[] outcomes, Bins latencies, long latencySumNanos, long failureNanos, long refusedAlone, Bins outputs) {

    /** What happened since {@code earlier}, a snapshot of the same version. */
    public StatisticsSnapshot minus(StatisticsSnapshot earlier) {
        return new StatisticsSnapshot(
                minus(outcomes, earlier.outcomes),
                latencies.minus(earlier.latencies),
                latencySumNanos - earlier.latencySumNanos,
                failureNanos - earlier.failureNanos,
                refusedAlone - earlier.refusedAlone,
                outputs.minus(earlier.outputs));
    }

    /** The counts of two versions together, without their outputs, which need not be alike. */
    public StatisticsSnapshot withRequestsOf(StatisticsSnapshot other) {
        return new StatisticsSnapshot(
                plus(outcomes, other.outcomes),
                latencies.plus(other.latencies),
                latencySumNanos + other.latencySumNanos,
                failureNanos + other.failureNanos,
                refusedAlone + other.refusedAlone,
                Bins.NONE);
    }

    /** The same without the outputs, which take most of the room. */
    public StatisticsSnapshot withoutOutputs() {
        return new StatisticsSnapshot(outcomes, latencies, latencySumNanos, failureNanos, refusedAlone, Bins.NONE);
    }

    private static long[] plus(long[] counts, long[] others) {
        long[] sum = new long[counts.length];
        for (int i = 0; i < counts.length; i++) {
            sum[i] = counts[i] + others[i];
        }
        return sum;
    }

    private static long[] minus(long[] counts, long[] earlier) {
        long[] difference = new long[counts.length];
        for (int i = 0; i < counts.length; i++) {
            difference[i] = counts[i] - earlier[i];
        }
        return difference;
    }

    public long count(Outcome outcome) {
        return outcomes[outcome.slot()];
    }

    /** Requests that the version is answerable for: all but those that were the callers' mistakes. */
    public long requests() {
        return count(Outcome.OK) + failures();
    }

    /** Requests that the version could not answer, and those that it alone refused as invalid. */
    public long errors() {
        return count(Outcome.ERROR) + refusedAlone;
    }

    /** Errors, and refusals for overload. */
    public long failures() {
        return errors() + count(Outcome.OVERLOADED);
    }

    /** Failures among the requests, 0 when there are none. */
    public double errorRate() {
        return requests() == 0 ? 0 : (double) failures() / requests();
    }

    /** Rows that were predicted. */
    public long rows() {
        return outputs.total();
    }

    /** Requests whose duration was measured: all of them. */
    public long timed() {
        return latencies.total();
    }

    /** Requests that took at most this long, up to 3.2 % exact. */
    public long timedWithin(Duration limit) {
        return latencies.upTo(LatencyBins.bin(limit.toNanos()));
    }

    /**
     * The duration that a share of the requests did not exceed: 0.99 for p99. At most 3.2 % too high, zero when there
     * are no requests.
     */
    public Duration latency(double quantile) {
        int bin = latencies.find((long) Math.ceil(quantile * timed()));
        return bin < 0 ? Duration.ZERO : Duration.ofNanos(LatencyBins.top(bin));
    }
}
