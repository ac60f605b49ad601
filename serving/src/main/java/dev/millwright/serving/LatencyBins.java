package dev.millwright.serving;

/** Bins of durations: 32 to the octave, so that a quantile is at most 3.2 % too high; up to 39 hours. */
final class LatencyBins {
    private static final int PER_OCTAVE_BITS = 5;
    private static final int PER_OCTAVE = 1 << PER_OCTAVE_BITS;
    private static final int LAST_SHIFT = 41;

    static final int COUNT = PER_OCTAVE * (LAST_SHIFT + 2);

    private LatencyBins() {}

    static int bin(long nanos) {
        long value = Math.max(0, nanos);
        int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(value | 1) - PER_OCTAVE_BITS);
        if (shift > LAST_SHIFT) {
            return COUNT - 1;
        }
        // Values below 32 have bins of their own; from there each shift holds the 32 values whose top bit is set.
        return shift * PER_OCTAVE + (int) (value >>> shift);
    }

    /** The largest duration in the bin. */
    static long top(int bin) {
        if (bin < 2 * PER_OCTAVE) {
            return bin;
        }
        int shift = bin / PER_OCTAVE - 1;
        long value = bin - (long) shift * PER_OCTAVE;
        return ((value + 1) << shift) - 1;
    }
}
