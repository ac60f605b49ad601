package dev.millwright.learn;

/** The logistic functions, in forms that neither overflow nor cancel. */
final class Probabilities {
    private Probabilities() {}

    /** 1 / (1 + e⁻ˣ). */
    static double sigmoid(double x) {
        if (x >= 0) {
            return 1 / (1 + Math.exp(-x));
        }
        double e = Math.exp(x);
        return e / (1 + e);
    }

    /** ln(1 + eˣ). */
    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /** Turns scores into probabilities, in place; returns the logarithm of the sum of their exponentials. */
    static double softmax(double[] scores) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            largest = Math.max(largest, score);
        }
        double sum = 0;
        for (int k = 0; k < scores.length; k++) {
            scores[k] = Math.exp(scores[k] - largest);
            sum += scores[k];
        }
        for (int k = 0; k < scores.length; k++) {
            scores[k] /= sum;
        }
        return largest + Math.log(sum);
    }

    /** Mean negative log-likelihood of the labels; one score a row is the log-odds of class 1. */
    static double logLoss(double[] scores, int outputs, int[] labels) {
        double sum = 0;
        double[] row = new double[outputs];
        for (int i = 0; i < labels.length; i++) {
            if (outputs == 1) {
                sum += softplus(scores[i]) - labels[i] * scores[i];
            } else {
                System.arraycopy(scores, i * outputs, row, 0, outputs);
                sum += softmax(row) - scores[i * outputs + labels[i]];
            }
        }
        return labels.length == 0 ? Double.NaN : sum / labels.length;
    }
}
