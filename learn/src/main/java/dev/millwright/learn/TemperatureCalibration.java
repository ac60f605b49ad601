package dev.millwright.learn;

/**
 * Temperature scaling: the one number that makes softmax(scale · scores) the likeliest probabilities of held-out labels.
 * The loss is convex in the scale, so its derivative is bisected.
 *
 * <p>Source: C. Guo, G. Pleiss, Y. Sun, K. Weinberger, "On calibration of modern neural networks", ICML 2017.
 */
final class TemperatureCalibration {
    private static final double SMALLEST = 1e-3;
    private static final double LARGEST = 1e3;
    private static final int HALVINGS = 60;

    private TemperatureCalibration() {}

    /**
     * Fits on held-out rows.
     *
     * @param scores row by row, one a class
     * @param labels the class of each row
     * @param shift added to the scores first, as it is: minus the logarithm of the classes' training weights takes
     *     re-weighting back
     */
    static Calibration fit(double[] scores, int[] labels, double[] shift) {
        double[] shifted = new Calibration(1, shift).apply(scores.clone());
        double low = Math.log(SMALLEST);
        double high = Math.log(LARGEST);
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (slope(shifted, labels, shift.length, Math.exp(middle)) < 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double scale = Math.exp((low + high) / 2);
        double[] scaledShift = new double[shift.length];
        for (int k = 0; k < shift.length; k++) {
            scaledShift[k] = scale * shift[k];
        }
        return new Calibration(scale, scaledShift);
    }

    /** The derivative of the summed log loss by the scale: expected score minus the score of the true class. */
    private static double slope(double[] scores, int[] labels, int classes, double scale) {
        double sum = 0;
        double[] p = new double[classes];
        for (int row = 0; row < labels.length; row++) {
            for (int k = 0; k < classes; k++) {
                p[k] = scale * scores[row * classes + k];
            }
            Probabilities.softmax(p);
            for (int k = 0; k < classes; k++) {
                sum += (p[k] - (labels[row] == k ? 1 : 0)) * scores[row * classes + k];
            }
        }
        return sum;
    }
}
