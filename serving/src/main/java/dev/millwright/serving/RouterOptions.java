package dev.millwright.serving;

import java.time.Duration;

/**
 * How requests wait for a model.
 *
 * @param lanes batches of one model that run at the same time; with as many as cores, batches form only when requests
 *     outnumber cores
 * @param largestBatch rows after which a batch takes no further request
 * @param queuedRows rows that may wait before a model; a request beyond them is refused
 * @param longestWait how long a request may have to wait for its turn, judged by what runs took of late; one that would wait longer is
 *     refused at once
 * @param pendingShadows requests that may wait for a shadow; copies beyond them are dropped and counted
 * @param seed of the traffic split among requests without a client id
 * @param loading how models come into memory and leave it
 */
public record RouterOptions(
        int lanes,
        int largestBatch,
        int queuedRows,
        Duration longestWait,
        int pendingShadows,
        long seed,
        LoadOptions loading) {
    /** Unless said otherwise: a client that waits longer has often given up. */
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    public RouterOptions {
        requirePositive("lanes", lanes);
        requirePositive("largestBatch", largestBatch);
        requirePositive("queuedRows", queuedRows);
        requirePositive("pendingShadows", pendingShadows);
        if (longestWait.isNegative() || longestWait.isZero()) {
            throw new IllegalArgumentException("longestWait: " + longestWait + " (expected: longer than nothing)");
        }
    }

    /** With {@link #LONGEST_WAIT} and {@link LoadOptions#DEFAULT}. */
    public RouterOptions(int lanes, int largestBatch, int queuedRows, int pendingShadows, long seed) {
        this(lanes, largestBatch, queuedRows, LONGEST_WAIT, pendingShadows, seed, LoadOptions.DEFAULT);
    }

    /** The same with other rules for loading. */
    public RouterOptions withLoading(LoadOptions other) {
        return new RouterOptions(lanes, largestBatch, queuedRows, longestWait, pendingShadows, seed, other);
    }

    /** The same with another longest wait. */
    public RouterOptions withLongestWait(Duration other) {
        return new RouterOptions(lanes, largestBatch, queuedRows, other, pendingShadows, seed, loading);
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1)");
        }
    }

    /** For a machine with that many cores. */
    public static RouterOptions forCores(int cores, long seed) {
        return new RouterOptions(Math.max(1, cores), 64, 16_384, 1_024, seed);
    }
}
