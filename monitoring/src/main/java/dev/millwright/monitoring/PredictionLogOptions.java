package dev.millwright.monitoring;

import java.time.Duration;

/**
 * How predictions are logged.
 *
 * @param capacity requests that may wait to be written; those beyond are dropped and counted
 * @param memory bytes that they may take while they wait: at first on the heap, then as much again outside it; those beyond are dropped, too
 * @param flushEvery how long a prediction may wait in memory, and so how much a kill may lose
 * @param flushRows rows after which files are written sooner
 * @param compactFiles small files of one day and version that are merged into one; at least 2
 */
public record PredictionLogOptions(int capacity, long memory, Duration flushEvery, int flushRows, int compactFiles) {
    public static final PredictionLogOptions DEFAULT =
            new PredictionLogOptions(65_536, 64 << 20, Duration.ofSeconds(1), 20_000, 60);

    public PredictionLogOptions {
        if (capacity < 1 || capacity > 1 << 24) {
            throw new IllegalArgumentException("capacity: " + capacity + " (expected: 1 to 16777216)");
        }
        if (flushEvery.isNegative() || flushEvery.isZero()) {
            throw new IllegalArgumentException("flushEvery: " + flushEvery + " (expected: longer than nothing)");
        }
        if (flushRows < 1) {
            throw new IllegalArgumentException("flushRows: " + flushRows + " (expected: at least 1)");
        }
        if (compactFiles < 2) {
            throw new IllegalArgumentException("compactFiles: " + compactFiles + " (expected: at least 2)");
        }
    }
}
