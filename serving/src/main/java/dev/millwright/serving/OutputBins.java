package dev.millwright.serving;

import dev.millwright.core.Predictions;

/**
 * Bins of what a model answers. Several classes have a bin each, for the label. The positive class's probability and a
 * regression's value go by the leading bits of the float, 16 bins to the octave: fine near zero, where the scores of
 * rare classes lie, and good for any range. Too many to compare as they are: {@link TwoSamples} merges them.
 */
final class OutputBins {
    /** Sign, exponent and four bits of the significand. */
    private static final int BITS = 13;

    static final int NUMERIC = 1 << BITS;

    private OutputBins() {}

    static int bin(Predictions predictions, int row) {
        return switch (predictions) {
            case Predictions.Classes classes when classes.classes().size() > 2 -> classes.labels()[row];
            case Predictions.Classes classes -> bin(classes.probability(row, 1));
            case Predictions.Values values -> bin(values.values()[row]);
        };
    }

    /** In the order of the floats. */
    static int bin(float value) {
        int bits = Float.floatToIntBits(value);
        int ordered = bits < 0 ? ~bits : bits | Integer.MIN_VALUE;
        return ordered >>> (Integer.SIZE - BITS);
    }
}
