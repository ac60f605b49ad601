package dev.millwright.serving.graph;

import dev.millwright.core.Predictions;
import java.util.List;

/** Weighted means of predictions, and the labels that follow from probabilities. */
final class Means {
    private Means() {}

    /** The numbers, or row by row the probabilities; sums are made in double precision. */
    static float[] of(List<Predictions> answers, double[] shares) {
        double[] sums = new double[numbers(answers.getFirst()).length];
        for (int member = 0; member < shares.length; member++) {
            float[] values = numbers(answers.get(member));
            for (int i = 0; i < sums.length; i++) {
                sums[i] += shares[member] * values[i];
            }
        }
        float[] mean = new float[sums.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) sums[i];
        }
        return mean;
    }

    private static float[] numbers(Predictions predictions) {
        return switch (predictions) {
            case Predictions.Classes classes -> classes.probabilities();
            case Predictions.Values(float[] values) -> values;
        };
    }

    /** As in {@link dev.millwright.serving.RuntimeOptions.Labels#OF_PROBABILITIES}. */
    static int[] labels(float[] probabilities, int classes, double threshold) {
        int[] labels = new int[probabilities.length / classes];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = classes == 2
                    ? probabilities[2 * row + 1] >= (float) threshold ? 1 : 0
                    : likeliest(probabilities, row * classes, classes);
        }
        return labels;
    }

    private static int likeliest(float[] probabilities, int from, int classes) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
            if (probabilities[from + c] > probabilities[from + best]) {
                best = c;
            }
        }
        return best;
    }
}
