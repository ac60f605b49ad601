package dev.millwright.serving.cache;

/** Hashes of what is kept. */
final class Mixing {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Mixing() {}

    static long mix(long hash, long value) {
        long mixed = (hash ^ value) * GOLDEN;
        return mixed ^ (mixed >>> 32);
    }

    static int toInt(long hash) {
        return (int) (hash ^ (hash >>> 32));
    }
}
