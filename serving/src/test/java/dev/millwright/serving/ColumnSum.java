package dev.millwright.serving;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** Predicts the sum of its columns, and remembers how many rows it was asked about at a time, and until when. */
final class ColumnSum implements ModelRuntime {
    final Queue<Integer> batches = new ConcurrentLinkedQueue<>();
    volatile Deadline deadline = Deadline.NONE;
    private final ModelSignature signature;

    ColumnSum(String... columns) {
        this.signature = new ModelSignature(
                Task.REGRESSION,
                Stream.of(columns)
                        .map(column -> new Input(column, InputType.NUMBER))
                        .toList(),
                List.of(),
                0);
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public Predictions predict(Frame rows) {
        return predict(rows, Deadline.NONE);
    }

    @Override
    public Predictions predict(Frame rows, Deadline until) {
        deadline = until;
        batches.add(rows.rows());
        float[] sums = new float[rows.rows()];
        for (FeatureColumn column : rows.columns()) {
            for (int row = 0; row < sums.length; row++) {
                sums[row] += ((FeatureColumn.Numeric) column).values()[row];
            }
        }
        return new Predictions.Values(sums);
    }

    @Override
    public void close() {}
}
