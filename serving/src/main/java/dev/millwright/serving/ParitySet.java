package dev.millwright.serving;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;

/**
 * Feature rows with the predictions that the trainer itself computed for them; stored with each model version.
 *
 * @param rows the columns of the model's signature
 * @param expected one prediction a row
 */
public record ParitySet(Frame rows, Predictions expected) {
    public ParitySet {
        if (rows.rows() != expected.rows()) {
            throw new IllegalArgumentException(
                    "expected: " + expected.rows() + " predictions (expected: " + rows.rows() + ", one a row)");
        }
        if (rows.rows() == 0) {
            throw new IllegalArgumentException("rows: none (expected: at least one, or parity proves nothing)");
        }
        for (FeatureColumn column : rows.columns()) {
            if (column instanceof FeatureColumn.Numeric numeric) {
                requireNoInfinity(column.name(), numeric.values());
            }
        }
        requireNoInfinity(
                "expected",
                switch (expected) {
                    case Predictions.Classes classes -> classes.probabilities();
                    case Predictions.Values values -> values.values();
                });
    }

    private static void requireNoInfinity(String name, float[] values) {
        for (float value : values) {
            if (Float.isInfinite(value)) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: a finite number or NaN)");
            }
        }
    }

    /** JSON in UTF-8; floats as the shortest decimals that read back as the same bits, NaN as null. */
    public byte[] toJson() {
        return ParityJson.write(this);
    }

    /**
     * What {@link #toJson} wrote.
     *
     * @throws dev.millwright.core.InvalidInputException when it is something else
     */
    public static ParitySet fromJson(byte[] json) {
        return ParityJson.read(json);
    }
}
