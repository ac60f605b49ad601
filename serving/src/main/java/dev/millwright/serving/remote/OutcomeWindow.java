package dev.millwright.serving.remote;

import java.util.concurrent.TimeUnit;

/** How calls ended over the last ten seconds, in whole seconds. For one thread at a time. */
final class OutcomeWindow {
    private static final int SECONDS = 10;

    private final long[] second = new long[SECONDS];
    private final int[] successes = new int[SECONDS];
    private final int[] failures = new int[SECONDS];

    /** How calls ended. */
    record Counts(int calls, int failures) {
        double rate() {
            return calls == 0 ? 0 : (double) failures / calls;
        }

        Counts plus(Counts other) {
            return new Counts(calls + other.calls, failures + other.failures);
        }
    }

    void succeeded(long nanoTime) {
        successes[slot(nanoTime)]++;
    }

    void failed(long nanoTime) {
        failures[slot(nanoTime)]++;
    }

    private int slot(long nanoTime) {
        long now = TimeUnit.NANOSECONDS.toSeconds(nanoTime);
        int slot = Math.floorMod(now, SECONDS);
        if (second[slot] != now) {
            second[slot] = now;
            successes[slot] = 0;
            failures[slot] = 0;
        }
        return slot;
    }

    Counts counts(long nanoTime) {
        long now = TimeUnit.NANOSECONDS.toSeconds(nanoTime);
        int calls = 0;
        int failed = 0;
        for (int slot = 0; slot < SECONDS; slot++) {
            if (now - second[slot] < SECONDS && now >= second[slot]) {
                calls += successes[slot] + failures[slot];
                failed += failures[slot];
            }
        }
        return new Counts(calls, failed);
    }

    void clear() {
        for (int slot = 0; slot < SECONDS; slot++) {
            successes[slot] = 0;
            failures[slot] = 0;
        }
    }
}
