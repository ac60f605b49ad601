package dev.millwright.evaluation;

import dev.millwright.core.Labels;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Predictions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Labels and predictions of a classifier side by side, with one order of classes: that of the labels. A class that only
 * the labels know has probability 0; one that only the model knows comes last.
 *
 * @param truth per row, the true class
 * @param chosen per row, the class that the model chose
 * @param probabilities row by row, one for each class
 */
record Classified(List<String> classes, int[] truth, int[] chosen, float[] probabilities) {

    static Classified of(Labels labels, Predictions predictions) {
        if (!(labels instanceof Labels.Classes known) || !(predictions instanceof Predictions.Classes said)) {
            throw new MillwrightException(
                    EvaluationError.LABELS_DO_NOT_MATCH,
                    "labels: " + kind(labels) + ", predictions: " + kind(predictions)
                            + " (expected: classes of both). Choose a metric that fits the task.");
        }
        requireRows(labels, predictions);
        requireProbabilities(said);
        if (known.classes().equals(said.classes())) {
            return new Classified(known.classes(), known.indices(), said.labels(), said.probabilities());
        }
        return align(known, said);
    }

    private static String kind(Object shape) {
        return shape instanceof Labels.Classes || shape instanceof Predictions.Classes ? "classes" : "numbers";
    }

    static void requireRows(Labels labels, Predictions predictions) {
        if (labels.rows() != predictions.rows()) {
            throw new MillwrightException(
                    EvaluationError.LABELS_DO_NOT_MATCH,
                    "predictions: " + predictions.rows() + " rows (expected: " + labels.rows()
                            + ", as many as labels). Predict exactly the rows that the labels belong to.");
        }
        if (labels.rows() == 0) {
            throw new MillwrightException(
                    EvaluationError.NO_ROWS,
                    "labels: 0 rows (expected: at least one). Give the split more rows, or check the label column.");
        }
    }

    private static void requireProbabilities(Predictions.Classes said) {
        float[] probabilities = said.probabilities();
        for (int i = 0; i < probabilities.length; i++) {
            if (!(probabilities[i] >= 0 && probabilities[i] <= 1)) {
                int row = i / said.classes().size();
                throw new MillwrightException(
                        EvaluationError.NOT_FINITE,
                        "probabilities: " + probabilities[i] + " in row " + row
                                + " (expected: between 0 and 1). The model's output is broken for that row.");
            }
        }
    }

    private static Classified align(Labels.Classes known, Predictions.Classes said) {
        Set<String> union = new LinkedHashSet<>(known.classes());
        union.addAll(said.classes());
        List<String> classes = new ArrayList<>(union);
        if (known.classes().size() == 2 && classes.size() != 2) {
            throw new MillwrightException(
                    EvaluationError.LABELS_DO_NOT_MATCH,
                    "predictions: classes " + said.classes() + " (expected: " + known.classes()
                            + "). Train the model on the same label.");
        }
        int[] place = said.classes().stream().mapToInt(classes::indexOf).toArray();
        int rows = said.rows();
        int[] chosen = new int[rows];
        float[] probabilities = new float[rows * classes.size()];
        for (int row = 0; row < rows; row++) {
            chosen[row] = place[said.labels()[row]];
            for (int k = 0; k < place.length; k++) {
                probabilities[row * classes.size() + place[k]] = said.probability(row, k);
            }
        }
        return new Classified(List.copyOf(classes), known.indices(), chosen, probabilities);
    }

    int rows() {
        return truth.length;
    }

    float probability(int row, int classIndex) {
        return probabilities[row * classes.size() + classIndex];
    }

    /** Per row, the probability of one class. */
    float[] scores(int classIndex) {
        float[] scores = new float[rows()];
        for (int row = 0; row < scores.length; row++) {
            scores[row] = probability(row, classIndex);
        }
        return scores;
    }

    /** Per row, whether its true class is this one. */
    boolean[] isClass(int classIndex) {
        boolean[] matches = new boolean[rows()];
        for (int row = 0; row < matches.length; row++) {
            matches[row] = truth[row] == classIndex;
        }
        return matches;
    }

    /** Rows of one class against all the others, ranked by its probability. */
    RankedScores ranked(int classIndex) {
        return RankedScores.of(scores(classIndex), isClass(classIndex));
    }
}
