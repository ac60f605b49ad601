package dev.millwright.evaluation;

import dev.millwright.core.Labels;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Predictions;
import java.util.function.ToDoubleFunction;

/**
 * Metrics of classifiers. Those of ranking and of probability take the probabilities, the others the class that the model
 * chose. Definitions are scikit-learn's, except that a quotient without a denominator is NaN, never 0.
 */
final class ClassificationMetrics {
    /** Probabilities are single precision: nearer to 0 or 1 than this they are taken as this, as scikit-learn does. */
    private static final double CLIP = Math.ulp(1f);

    private ClassificationMetrics() {}

    static Statistic rocAuc(Labels labels, Predictions predictions) {
        return binary(labels, predictions).ranked(1)::rocAuc;
    }

    static Statistic averagePrecision(Labels labels, Predictions predictions) {
        return binary(labels, predictions).ranked(1)::averagePrecision;
    }

    /** Mean of the classes' areas, each against the rest, over the classes that occur; NaN when fewer than two do. */
    static Statistic rocAucOneVersusRest(Labels labels, Predictions predictions) {
        Classified rows = Classified.of(labels, predictions);
        RankedScores[] ranked = new RankedScores[rows.classes().size()];
        for (int k = 0; k < ranked.length; k++) {
            ranked[k] = rows.ranked(k);
        }
        return counts -> {
            double sum = 0;
            int defined = 0;
            for (RankedScores one : ranked) {
                double area = one.rocAuc(counts);
                if (!Double.isNaN(area)) {
                    sum += area;
                    defined++;
                }
            }
            return sum / defined;
        };
    }

    /** Mean of minus the natural logarithm of the true class's probability. */
    static Statistic logLoss(Labels labels, Predictions predictions) {
        Classified rows = Classified.of(labels, predictions);
        double[] losses = new double[rows.rows()];
        for (int row = 0; row < losses.length; row++) {
            double probability = rows.probability(row, rows.truth()[row]);
            losses[row] = -Math.log(Math.clamp(probability, CLIP, 1 - CLIP));
        }
        return counts -> mean(losses, counts);
    }

    /** Mean squared difference between the positive class's probability and 0 or 1 (Brier 1950). */
    static Statistic brierScore(Labels labels, Predictions predictions) {
        Classified rows = binary(labels, predictions);
        double[] losses = new double[rows.rows()];
        for (int row = 0; row < losses.length; row++) {
            double difference = (double) rows.probability(row, 1) - rows.truth()[row];
            losses[row] = difference * difference;
        }
        return counts -> mean(losses, counts);
    }

    static Statistic accuracy(Labels labels, Predictions predictions) {
        return ofConfusion(Classified.of(labels, predictions), cells -> cells.correct() / cells.rows());
    }

    /** Mean recall of the classes that occur. */
    static Statistic balancedAccuracy(Labels labels, Predictions predictions) {
        return ofConfusion(Classified.of(labels, predictions), cells -> {
            double sum = 0;
            int occurring = 0;
            for (int k = 0; k < cells.size(); k++) {
                if (cells.truth(k) > 0) {
                    sum += cells.at(k, k) / cells.truth(k);
                    occurring++;
                }
            }
            return sum / occurring;
        });
    }

    static Statistic precision(Labels labels, Predictions predictions) {
        return ofConfusion(binary(labels, predictions), cells -> cells.at(1, 1) / cells.chosen(1));
    }

    static Statistic recall(Labels labels, Predictions predictions) {
        return ofConfusion(binary(labels, predictions), cells -> cells.at(1, 1) / cells.truth(1));
    }

    static Statistic f1(Labels labels, Predictions predictions) {
        return ofConfusion(binary(labels, predictions), cells -> cells.f1(1));
    }

    /** Mean F1 of the classes that occur or were chosen. */
    static Statistic f1Macro(Labels labels, Predictions predictions) {
        return ofConfusion(Classified.of(labels, predictions), cells -> {
            double sum = 0;
            int defined = 0;
            for (int k = 0; k < cells.size(); k++) {
                double f1 = cells.f1(k);
                if (!Double.isNaN(f1)) {
                    sum += f1;
                    defined++;
                }
            }
            return sum / defined;
        });
    }

    /**
     * Matthews' correlation (1975) of truth and choice. 0 when the model chose one class only: that is its limit, and what
     * chance scores (Chicco and Jurman 2020); NaN when one class only occurs.
     */
    static Statistic matthews(Labels labels, Predictions predictions) {
        return ofConfusion(binary(labels, predictions), cells -> {
            double truths = cells.truth(0) * cells.truth(1);
            double choices = cells.chosen(0) * cells.chosen(1);
            if (truths > 0 && choices == 0) {
                return 0;
            }
            double numerator = cells.at(1, 1) * cells.at(0, 0) - cells.at(0, 1) * cells.at(1, 0);
            return numerator / (Math.sqrt(truths) * Math.sqrt(choices));
        });
    }

    private static Classified binary(Labels labels, Predictions predictions) {
        Classified rows = Classified.of(labels, predictions);
        if (rows.classes().size() != 2) {
            throw new MillwrightException(
                    EvaluationError.LABELS_DO_NOT_MATCH,
                    "classes: " + rows.classes().size()
                            + " (expected: 2). Choose a metric for multiclass, such as roc_auc_ovr or f1_macro.");
        }
        return rows;
    }

    static double mean(double[] values, int[] counts) {
        double sum = 0;
        long rows = 0;
        for (int row = 0; row < values.length; row++) {
            sum += values[row] * counts[row];
            rows += counts[row];
        }
        return sum / rows;
    }

    private static Statistic ofConfusion(Classified rows, ToDoubleFunction<Cells> metric) {
        int size = rows.classes().size();
        int[] cellOfRow = new int[rows.rows()];
        for (int row = 0; row < cellOfRow.length; row++) {
            cellOfRow[row] = rows.truth()[row] * size + rows.chosen()[row];
        }
        return counts -> {
            long[] cells = new long[size * size];
            for (int row = 0; row < cellOfRow.length; row++) {
                cells[cellOfRow[row]] += counts[row];
            }
            return metric.applyAsDouble(new Cells(size, cells));
        };
    }

    /** A confusion matrix during resampling: {@code cells[true * size + chosen]}. */
    private record Cells(int size, long[] cells) {
        double at(int truth, int chosen) {
            return cells[truth * size + chosen];
        }

        double truth(int classIndex) {
            double sum = 0;
            for (int k = 0; k < size; k++) {
                sum += at(classIndex, k);
            }
            return sum;
        }

        double chosen(int classIndex) {
            double sum = 0;
            for (int k = 0; k < size; k++) {
                sum += at(k, classIndex);
            }
            return sum;
        }

        double correct() {
            double sum = 0;
            for (int k = 0; k < size; k++) {
                sum += at(k, k);
            }
            return sum;
        }

        double rows() {
            double sum = 0;
            for (long cell : cells) {
                sum += cell;
            }
            return sum;
        }

        double f1(int classIndex) {
            return 2 * at(classIndex, classIndex) / (truth(classIndex) + chosen(classIndex));
        }
    }
}
