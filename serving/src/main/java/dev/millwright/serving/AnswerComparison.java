package dev.millwright.serving;

import dev.millwright.core.Predictions;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** How the answers of a version differ from those that another one gave to the same requests. Lock-free. */
public final class AnswerComparison {
    private final LongAdder rows = new LongAdder();
    private final LongAdder disagreements = new LongAdder();
    private final LongAdder unmatched = new LongAdder();
    private final DoubleAdder differences = new DoubleAdder();
    private final DoubleAccumulator largest = new DoubleAccumulator(Math::max, 0);

    /**
     * The counts at one moment, or between two.
     *
     * @param rows that both versions answered; of tensors, the first dimension where all outputs share it, else each answer is one
     * @param disagreements rows for which they chose different labels, or whose tensors differ; 0 for regressions
     * @param unmatched rows of tensors that have no counterpart to take a difference from
     * @param differences Σ |Δ| over the other rows: of the value, of that class's probability which differs most, or the mean over the
     *     row's floating-point numbers
     * @param largest |Δ|, of any number where answers are tensors; always since the first request
     */
    public record Snapshot(long rows, long disagreements, long unmatched, double differences, double largest) {
        /** What was counted since {@code earlier}. */
        public Snapshot minus(Snapshot earlier) {
            return new Snapshot(
                    rows - earlier.rows,
                    disagreements - earlier.disagreements,
                    unmatched - earlier.unmatched,
                    differences - earlier.differences,
                    largest);
        }

        /** Both together. */
        public Snapshot plus(Snapshot other) {
            return new Snapshot(
                    rows + other.rows,
                    disagreements + other.disagreements,
                    unmatched + other.unmatched,
                    differences + other.differences,
                    Math.max(largest, other.largest));
        }

        /** Rows that disagree among all, 0 when there are none. */
        public double disagreement() {
            return rows == 0 ? 0 : (double) disagreements / rows;
        }

        /** Mean of |Δ| over the rows that have a counterpart, 0 when there are none. */
        public double meanDifference() {
            return rows == unmatched ? 0 : differences / (rows - unmatched);
        }
    }

    /** Takes note of a request that both answered, unless one gave predictions and the other tensors. */
    void record(PredictionEvent.Exchange served, PredictionEvent.Exchange mirrored) {
        if (served instanceof PredictionEvent.Rows given && mirrored instanceof PredictionEvent.Rows other) {
            record(given, other);
        } else if (served instanceof PredictionEvent.Tensors given
                && mirrored instanceof PredictionEvent.Tensors other) {
            record(TensorDifferences.between(given.outputs(), other.outputs()));
        }
    }

    private void record(Snapshot found) {
        rows.add(found.rows());
        disagreements.add(found.disagreements());
        unmatched.add(found.unmatched());
        differences.add(found.differences());
        largest.accumulate(found.largest());
    }

    private void record(PredictionEvent.Rows given, PredictionEvent.Rows other) {
        int count = Math.min(given.rows(), other.rows());
        if (given.predictions() instanceof Predictions.Classes a
                && other.predictions() instanceof Predictions.Classes b) {
            rows.add(count);
            for (int row = 0; row < count; row++) {
                if (!a.classes().get(a.labels()[row]).equals(b.classes().get(b.labels()[row]))) {
                    disagreements.increment();
                }
                add(difference(a, b, row));
            }
        } else if (given.predictions() instanceof Predictions.Values a
                && other.predictions() instanceof Predictions.Values b) {
            rows.add(count);
            for (int row = 0; row < count; row++) {
                add(Math.abs((double) a.values()[row] - b.values()[row]));
            }
        }
    }

    private void add(double difference) {
        if (!Double.isNaN(difference)) {
            differences.add(difference);
            largest.accumulate(difference);
        }
    }

    /** Of the class whose probabilities differ most; one that only one of them knows has none with the other. */
    private static double difference(Predictions.Classes a, Predictions.Classes b, int row) {
        double largest = 0;
        for (int c = 0; c < a.classes().size(); c++) {
            int same = c < b.classes().size()
                            && a.classes().get(c).equals(b.classes().get(c))
                    ? c
                    : b.classes().indexOf(a.classes().get(c));
            double other = same < 0 ? 0 : b.probability(row, same);
            largest = Math.max(largest, Math.abs(a.probability(row, c) - other));
        }
        return largest;
    }

    /** The counts so far. */
    public Snapshot snapshot() {
        return new Snapshot(rows.sum(), disagreements.sum(), unmatched.sum(), differences.sum(), largest.get());
    }
}
