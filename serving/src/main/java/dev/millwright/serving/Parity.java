package dev.millwright.serving;

import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Replays stored rows through the runtime that will serve them and compares with what the trainer computed: |Δ| ≤ 1e-6
 * + 1e-5·|p|; labels equal, unless the score is that close to the point where the label changes. Single precision sums
 * in another order differ by a few units in the last place, 6e-8 each; a wrong imputation or a swapped column by far
 * more.
 */
public final class Parity {
    private static final double ABSOLUTE = 1e-6;
    private static final double RELATIVE = 1e-5;
    private static final int MISMATCHES_SHOWN = 10;

    private final ModelSignature signature;
    private final ParitySet set;
    private final List<ParityReport.Mismatch> mismatches = new ArrayList<>();
    private long mismatchCount;
    private double largest;

    private Parity(ModelSignature signature, ParitySet set) {
        this.signature = signature;
        this.set = set;
    }

    /** Replays every row alone and all rows as one batch, since the two take different paths through the runtime. */
    public static ParityReport replay(ModelRuntime runtime, ParitySet set) {
        Parity parity = new Parity(runtime.signature(), set);
        Frame rows = set.rows();
        for (int row = 0; row < rows.rows(); row++) {
            parity.compare(row, runtime.predict(rows.slice(row, row + 1)), 0);
        }
        Predictions batch = runtime.predict(rows);
        for (int row = 0; row < rows.rows(); row++) {
            parity.compare(row, batch, row);
        }
        return new ParityReport(rows.rows(), parity.largest, parity.mismatchCount, parity.mismatches);
    }

    private void compare(int row, Predictions got, int at) {
        switch (set.expected()) {
            case Predictions.Classes expected
            when got instanceof Predictions.Classes classes -> compareClasses(row, expected, classes, at);
            case Predictions.Values expected
            when got instanceof Predictions.Values values ->
                compareValue(row, "prediction", expected.values()[row], values.values()[at]);
            default -> mismatch(row, "outputs", kind(set.expected()), kind(got));
        }
    }

    private static String kind(Predictions predictions) {
        return switch (predictions) {
            case Predictions.Classes classes -> "classes " + classes.classes();
            case Predictions.Values values -> "values";
        };
    }

    private void compareClasses(int row, Predictions.Classes expected, Predictions.Classes got, int at) {
        if (!expected.classes().equals(got.classes())) {
            mismatch(
                    row, "classes", expected.classes().toString(), got.classes().toString());
            return;
        }
        for (int c = 0; c < expected.classes().size(); c++) {
            compareValue(
                    row,
                    "probabilities[" + expected.classes().get(c) + "]",
                    expected.probability(row, c),
                    got.probability(at, c));
        }
        if (expected.labels()[row] != got.labels()[at] && !isUndecided(expected, row)) {
            mismatch(
                    row,
                    "label",
                    expected.classes().get(expected.labels()[row]),
                    got.classes().get(got.labels()[at]));
        }
    }

    /** Whether the score is so close to the point of decision that rounding may turn the label. */
    private boolean isUndecided(Predictions.Classes expected, int row) {
        int classes = expected.classes().size();
        if (classes == 2) {
            double score = expected.probability(row, 1);
            return Math.abs(score - signature.threshold()) <= tolerance(score);
        }
        float[] sorted = new float[classes];
        for (int c = 0; c < classes; c++) {
            sorted[c] = expected.probability(row, c);
        }
        Arrays.sort(sorted);
        double best = sorted[classes - 1];
        return best - sorted[classes - 2] <= 2 * tolerance(best);
    }

    private void compareValue(int row, String output, float expected, float got) {
        if (Float.isNaN(expected) && Float.isNaN(got)) {
            return;
        }
        double difference = Math.abs((double) expected - got);
        if (!Double.isNaN(difference)) {
            largest = Math.max(largest, difference);
        }
        // Written so that a NaN on one side fails.
        if (!(difference <= tolerance(expected))) {
            mismatch(row, output, Float.toString(expected), Float.toString(got));
        }
    }

    private static double tolerance(double expected) {
        return ABSOLUTE + RELATIVE * Math.abs(expected);
    }

    private void mismatch(int row, String output, String expected, String got) {
        mismatchCount++;
        if (mismatches.size() < MISMATCHES_SHOWN) {
            mismatches.add(new ParityReport.Mismatch(row, output, expected, got));
        }
    }
}
