package dev.millwright.serving;

import dev.millwright.core.MillwrightException;

/**
 * How much may wait before one model: so many rows, and no longer than so long, judged by what runs took of late.
 *
 * @param lanes calls that the model takes at a time
 */
record QueueBounds(int lanes, int queuedRows, long longestWaitNanos, ExecutionCounts counts) {
    QueueBounds(int lanes, RouterOptions options, ExecutionCounts counts) {
        this(lanes, options.queuedRows(), options.longestWait().toNanos(), counts);
    }

    /** Whether so many rows more may not wait; where none wait, any number may. */
    boolean refuse(int waiting, int more) {
        return waiting > 0 && (waiting + more > queuedRows || waitNanos(waiting) > longestWaitNanos);
    }

    /** How long that many rows keep the model busy. */
    private long waitNanos(int rows) {
        return counts.rowNanos().orElse(0) * rows / lanes;
    }

    /** What whoever is refused reads. */
    MillwrightException full(int waiting) {
        String bound = waitNanos(waiting) > longestWaitNanos
                ? ", which takes about " + waitNanos(waiting) / 1_000_000 + " ms (expected: at most "
                        + longestWaitNanos / 1_000_000 + " ms)"
                : " (expected: at most " + queuedRows + ")";
        return new MillwrightException(
                ServingError.OVERLOADED,
                "queue: " + waiting + " rows wait" + bound + ". Send the request again later, or less at a time.");
    }
}
