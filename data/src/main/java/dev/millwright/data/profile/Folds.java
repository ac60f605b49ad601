package dev.millwright.data.profile;

import java.util.Optional;

/** Which fifth of the rows each row is judged in. */
final class Folds {
    static final int COUNT = 5;

    /** Of a row that has no label. */
    static final byte NONE = -1;

    private Folds() {}

    /**
     * Folds by a hash of seed and row, or of seed and entity, so that the rows of an entity are judged together.
     *
     * @param entity an entity by row; rows without one are on their own
     */
    static byte[] of(Target target, Optional<Codes> entity, long seed) {
        byte[] folds = new byte[target.rows()];
        for (int row = 0; row < folds.length; row++) {
            int known = entity.isPresent() ? entity.get().of()[row] : Codes.MISSING;
            long key = known == Codes.MISSING ? -1L - row : known;
            folds[row] = target.isPresent(row) ? (byte) Long.remainderUnsigned(mix(seed + key), COUNT) : NONE;
        }
        return folds;
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long mix(long value) {
        long z = value * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
