package dev.millwright.serving;

import java.util.Arrays;
import java.util.function.LongBinaryOperator;

/** Counts by bin at one moment, or between two; stretches of bins without any take no room. Immutable. */
public final class Bins {
    static final int STRETCH_BITS = 5;
    static final int STRETCH = 1 << STRETCH_BITS;

    /** A stretch of bins of which none has counted anything; told by its identity. */
    static final long[] NOTHING = new long[STRETCH];

    /** Of no bins. */
    static final Bins NONE = new Bins(new long[0][]);

    private final long[][] stretches;

    /** Takes the arrays over. */
    Bins(long[][] stretches) {
        this.stretches = stretches;
    }

    /** All counts, in the order of the bins. */
    public long[] toArray() {
        long[] all = new long[stretches.length * STRETCH];
        for (int i = 0; i < stretches.length; i++) {
            System.arraycopy(stretches[i], 0, all, i * STRETCH, STRETCH);
        }
        return all;
    }

    /** All counts together. */
    long total() {
        long total = 0;
        for (long[] stretch : stretches) {
            if (stretch != NOTHING) {
                total += Arrays.stream(stretch).sum();
            }
        }
        return total;
    }

    /** The counts of the bins up to this one, inclusive, together. */
    long upTo(int last) {
        long total = 0;
        for (int bin = 0; bin <= last; bin++) {
            total += stretches[bin >>> STRETCH_BITS][bin & STRETCH - 1];
        }
        return total;
    }

    /** The bin in which the {@code rank}-th of what was counted lies; -1 where there are fewer. */
    int find(long rank) {
        long seen = 0;
        for (int i = 0; i < stretches.length; i++) {
            for (int j = 0; j < STRETCH && stretches[i] != NOTHING; j++) {
                seen += stretches[i][j];
                if (seen >= rank && seen > 0) {
                    return i << STRETCH_BITS | j;
                }
            }
        }
        return -1;
    }

    /** The difference to earlier ones of as many bins. */
    Bins minus(Bins earlier) {
        return combine(earlier, (now, before) -> now - before);
    }

    /** The sum with others of as many bins. */
    Bins plus(Bins others) {
        return combine(others, Long::sum);
    }

    private Bins combine(Bins others, LongBinaryOperator operator) {
        long[][] combined = new long[stretches.length][];
        for (int i = 0; i < combined.length; i++) {
            long[] one = stretches[i];
            long[] other = others.stretches[i];
            combined[i] = one == NOTHING && other == NOTHING ? NOTHING : combine(one, other, operator);
        }
        return new Bins(combined);
    }

    private static long[] combine(long[] one, long[] other, LongBinaryOperator operator) {
        long[] combined = new long[STRETCH];
        Arrays.setAll(combined, i -> operator.applyAsLong(one[i], other[i]));
        return combined;
    }
}
