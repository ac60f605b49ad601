package dev.millwright.serving;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts by bin, with room only for stretches of bins in which something was counted: of thousands of bins a version uses some dozens.
 * Lock-free; nothing is ever reset.
 */
final class BinCounts {
    private final AtomicReferenceArray<@Nullable AtomicLongArray> stretches;

    /** For bins from 0 up to {@code bins}, exclusive. */
    BinCounts(int bins) {
        stretches = new AtomicReferenceArray<>((bins + Bins.STRETCH - 1) / Bins.STRETCH);
    }

    void increment(int bin) {
        AtomicLongArray stretch = stretches.get(bin >>> Bins.STRETCH_BITS);
        (stretch == null ? begin(bin >>> Bins.STRETCH_BITS) : stretch).incrementAndGet(bin & Bins.STRETCH - 1);
    }

    private AtomicLongArray begin(int number) {
        AtomicLongArray fresh = new AtomicLongArray(Bins.STRETCH);
        AtomicLongArray known = stretches.compareAndExchange(number, null, fresh);
        return known == null ? fresh : known;
    }

    /** The counts so far; taken among increments, it may miss the newest in some bins. */
    Bins snapshot() {
        long[][] counts = new long[stretches.length()][];
        for (int i = 0; i < counts.length; i++) {
            AtomicLongArray stretch = stretches.get(i);
            counts[i] = stretch == null ? Bins.NOTHING : copy(stretch);
        }
        return new Bins(counts);
    }

    private static long[] copy(AtomicLongArray stretch) {
        long[] copy = new long[Bins.STRETCH];
        for (int i = 0; i < Bins.STRETCH; i++) {
            copy[i] = stretch.get(i);
        }
        return copy;
    }
}
