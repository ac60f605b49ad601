package dev.millwright.serving;

import dev.millwright.core.Frame;
import dev.millwright.serving.routing.Assignment;
import dev.millwright.serving.routing.StickyKey;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Places requests between 0 and 1, where routes have their versions: always the same for a client, else drawn. Thread-safe. */
final class Placement {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long seed;
    private final AtomicLong draws = new AtomicLong();

    Placement(long seed) {
        this.seed = seed;
    }

    /** From 0 (inclusive) to 1 (exclusive). */
    double of(CallTarget target, Assignment assignment, @Nullable Frame rows) {
        String key = switch (assignment.stickyBy()) {
            case StickyKey.ClientId _ -> target.clientId().orElse(null);
            case StickyKey.Header(String name) -> target.headers().find(name);
            case StickyKey.Column _ -> null;
        };
        if (key != null) {
            return place(target, assignment, key.hashCode());
        }
        if (rows != null && assignment.stickyBy() instanceof StickyKey.Column column) {
            return place(target, assignment, column.hash(rows));
        }
        return draw();
    }

    private static double place(CallTarget target, Assignment assignment, long key) {
        return unit(mix((((long) target.endpoint().hashCode() << 32) ^ key) + GOLDEN * assignment.salt()));
    }

    /** Anywhere from 0 (inclusive) to 1 (exclusive). */
    double draw() {
        return unit(mix(seed + GOLDEN * draws.incrementAndGet()));
    }

    private static double unit(long bits) {
        return (bits >>> 11) * 0x1p-53;
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
