package dev.millwright.serving;

import java.time.Duration;

/**
 * How models come into memory and leave it.
 *
 * @param memory what the models in memory may take together, in bytes; one that answers a request is never freed, so that it may be
 *     more for a while
 * @param waiting requests that may wait for the load of one model; those beyond are refused
 * @param retryAfter a load that failed is not tried again before
 */
public record LoadOptions(long memory, int waiting, Duration retryAfter) {
    /** As much as there is, 1,024 requests, 5 s. */
    public static final LoadOptions DEFAULT = new LoadOptions(Long.MAX_VALUE, 1_024, Duration.ofSeconds(5));

    /** The same with another budget. */
    public LoadOptions withMemory(long bytes) {
        return new LoadOptions(bytes, waiting, retryAfter);
    }

    public LoadOptions {
        if (memory < 1) {
            throw new IllegalArgumentException("memory: " + memory + " (expected: at least 1 byte)");
        }
        if (waiting < 1) {
            throw new IllegalArgumentException("waiting: " + waiting + " (expected: at least 1)");
        }
        if (retryAfter.isNegative()) {
            throw new IllegalArgumentException("retryAfter: " + retryAfter + " (expected: at least 0)");
        }
    }
}
