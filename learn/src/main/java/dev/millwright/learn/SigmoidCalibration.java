package dev.millwright.learn;

/**
 * Platt scaling: the two numbers that make sigmoid(scale · score + shift) the likeliest probabilities of held-out labels,
 * which are smoothed towards the middle so that few rows don't give certainty.
 *
 * <p>Sources: J. Platt, "Probabilistic outputs for support vector machines", 1999; H.-T. Lin, C.-J. Lin, R. Weng, "A note on
 * Platt's probabilistic outputs for support vector machines", Machine Learning 68, 2007, whose Newton's method with
 * backtracking this is.
 */
final class SigmoidCalibration {
    private static final int ITERATIONS = 100;
    private static final double SMALLEST_STEP = 1e-10;
    private static final double RIDGE = 1e-12;
    private static final double GRADIENT = 1e-9;

    private SigmoidCalibration() {}

    /**
     * Fits on held-out rows.
     *
     * @param scores raw, one a row
     * @param labels 0 or 1; both must occur
     */
    static Calibration fit(double[] scores, int[] labels) {
        double spread = spread(scores);
        double[] targets = targets(labels);
        double[] scaled = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            scaled[i] = scores[i] / spread;
        }
        double[] found = newton(scaled, targets, startShift(labels));
        return new Calibration(found[0] / spread, new double[] {found[1]});
    }

    /** Platt's: (n₊ + 1)/(n₊ + 2) and 1/(n₋ + 2). */
    private static double[] targets(int[] labels) {
        double positives = count(labels);
        double high = (positives + 1) / (positives + 2);
        double low = 1 / (labels.length - positives + 2);
        double[] targets = new double[labels.length];
        for (int i = 0; i < labels.length; i++) {
            targets[i] = labels[i] == 1 ? high : low;
        }
        return targets;
    }

    private static double startShift(int[] labels) {
        double positives = count(labels);
        return Math.log((positives + 1) / (labels.length - positives + 1));
    }

    private static double count(int[] labels) {
        double positives = 0;
        for (int label : labels) {
            positives += label;
        }
        return positives;
    }

    /** Scores of any size are brought to about 1, so that the tolerances mean the same for all. */
    private static double spread(double[] scores) {
        double squares = 0;
        for (double score : scores) {
            squares += score * score;
        }
        double spread = Math.sqrt(squares / scores.length);
        return spread > 0 ? spread : 1;
    }

    private static double[] newton(double[] scores, double[] targets, double startShift) {
        double[] at = {0, startShift};
        double loss = loss(scores, targets, at[0], at[1]);
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            double[] step = step(scores, targets, at);
            if (step.length == 0) {
                return at;
            }
            double size = 1;
            double tried = loss(scores, targets, at[0] + step[0], at[1] + step[1]);
            while (tried >= loss + 1e-4 * size * step[2] && size >= SMALLEST_STEP) {
                size /= 2;
                tried = loss(scores, targets, at[0] + size * step[0], at[1] + size * step[1]);
            }
            if (size < SMALLEST_STEP) {
                return at;
            }
            at[0] += size * step[0];
            at[1] += size * step[1];
            loss = tried;
        }
        return at;
    }

    /** Newton's direction and the slope along it; empty where the gradient vanishes. */
    private static double[] step(double[] scores, double[] targets, double[] at) {
        double h11 = RIDGE;
        double h22 = RIDGE;
        double h21 = 0;
        double g1 = 0;
        double g2 = 0;
        for (int i = 0; i < scores.length; i++) {
            double p = Probabilities.sigmoid(at[0] * scores[i] + at[1]);
            double curvature = p * (1 - p);
            double error = p - targets[i];
            h11 += scores[i] * scores[i] * curvature;
            h22 += curvature;
            h21 += scores[i] * curvature;
            g1 += scores[i] * error;
            g2 += error;
        }
        if (Math.max(Math.abs(g1), Math.abs(g2)) < GRADIENT * scores.length) {
            return new double[0];
        }
        double determinant = h11 * h22 - h21 * h21;
        double d1 = -(h22 * g1 - h21 * g2) / determinant;
        double d2 = -(h11 * g2 - h21 * g1) / determinant;
        return new double[] {d1, d2, g1 * d1 + g2 * d2};
    }

    private static double loss(double[] scores, double[] targets, double scale, double shift) {
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            double score = scale * scores[i] + shift;
            sum += Probabilities.softplus(score) - targets[i] * score;
        }
        return sum;
    }
}
