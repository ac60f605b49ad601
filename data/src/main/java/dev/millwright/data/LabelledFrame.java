package dev.millwright.data;

import dev.millwright.core.Frame;
import dev.millwright.core.Labels;

/**
 * Rows of a training set with what came of them, in the order of the file. Arrays are shared, not copied.
 *
 * @param rowIds one a row
 * @param timestampMicros microseconds since 1970 in UTC, one a row; empty when the training set has no timestamp
 */
public record LabelledFrame(Frame frame, Labels labels, long[] rowIds, long[] timestampMicros) {
    public LabelledFrame {
        if (labels.rows() != frame.rows() || rowIds.length != frame.rows()) {
            throw new IllegalArgumentException("rows: " + frame.rows() + " with " + labels.rows() + " labels and "
                    + rowIds.length + " ids (expected: as many of each)");
        }
    }

    public int rows() {
        return frame.rows();
    }
}
