package dev.millwright.serving;

import java.util.concurrent.atomic.AtomicLong;

/** Places requests between 0 and 1, where routes have their versions: always the same for a client, else drawn. Thread-safe. */
final class Placement {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long seed;
    private final AtomicLong draws = new AtomicLong();

    Placement(long seed) {
        this.seed = seed;
    }

    /** From 0 (inclusive) to 1 (exclusive). */
    double of(CallTarget target) {
        long bits = target.clientId()
                .map(id -> mix(((long) target.endpoint().hashCode() << 32) ^ id.hashCode()))
                .orElseGet(() -> mix(seed + GOLDEN * draws.incrementAndGet()));
        return (bits >>> 11) * 0x1p-53;
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
