package dev.millwright.serving;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;

/** Answers a row with what was fixed for the position that its amount names. */
record FixedRuntime(ModelSignature signature, Predictions answers) implements ModelRuntime {
    @Override
    public Predictions predict(Frame rows) {
        if (rows.rows() == answers.rows()) {
            return answers;
        }
        int row = (int) ((FeatureColumn.Numeric) rows.column("amount")).values()[0];
        return InputFrames.slice(answers, row, row + 1);
    }

    @Override
    public void close() {}
}
