package dev.millwright.serving;

import dev.millwright.core.Predictions;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** How the answers of a version differ from those that another one gave to the same requests. Lock-free. */
public final class AnswerComparison {
    private final LongAdder rows = new LongAdder();
    private final LongAdder disagreements = new LongAdder();
    private final DoubleAdder differences = new DoubleAdder();
    private final DoubleAccumulator largest = new DoubleAccumulator(Math::max, 0);

    /**
     * The counts at one moment, or between two.
     *
     * @param rows that both versions answered
     * @param disagreements rows for which they chose different labels; 0 for regressions
     * @param differences Σ |Δ|, of the value or of that class's probability which differs most
     * @param largest |Δ|, always since the first request
     */
    public record Snapshot(long rows, long disagreements, double differences, double largest) {
        /** What was counted since {@code earlier}. */
        public Snapshot minus(Snapshot earlier) {
            return new Snapshot(
                    rows - earlier.rows,
                    disagreements - earlier.disagreements,
                    differences - earlier.differences,
                    largest);
        }

        /** Both together. */
        public Snapshot plus(Snapshot other) {
            return new Snapshot(
                    rows + other.rows,
                    disagreements + other.disagreements,
                    differences + other.differences,
                    Math.max(largest, other.largest));
        }

        /** Rows with different labels among all, 0 when there are none. */
        public double disagreement() {
            return rows == 0 ? 0 : (double) disagreements / rows;
        }

        /** Mean of |Δ|, 0 when there are no rows. */
        public double meanDifference() {
            return rows == 0 ? 0 : differences / rows;
        }
    }

    /** Takes note of a request that both answered; of tensors nothing can be said. */
    void record(PredictionEvent.Exchange served, PredictionEvent.Exchange mirrored) {
        if (!(served instanceof PredictionEvent.Rows given && mirrored instanceof PredictionEvent.Rows other)) {
            return;
        }
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
        return new Snapshot(rows.sum(), disagreements.sum(), differences.sum(), largest.get());
    }
}
