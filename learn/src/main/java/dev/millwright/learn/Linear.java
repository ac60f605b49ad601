package dev.millwright.learn;

/** What the linear learners share when they report. */
final class Linear {
    private Linear() {}

    static String describe(Lbfgs.Minimum minimum) {
        return minimum.converged()
                ? "converged in " + minimum.iterations() + " iterations"
                : "stopped before converging, after " + minimum.iterations()
                        + " iterations (raise max_iterations or tolerance)";
    }

    /** Per slot, the absolute weights, summed over outputs, times the standard deviation of the slot. */
    static double[] importance(Features features, double[] weights, int outputs) {
        double[] sums = new double[features.width()];
        double[] squares = new double[features.width()];
        for (int row = 0; row < features.rows(); row++) {
            for (int slot = 0; slot < features.dense(); slot++) {
                double value = features.numbers()[row * features.dense() + slot];
                sums[slot] += value;
                squares[slot] += value * value;
            }
            for (int entry = features.rowStart()[row]; entry < features.rowStart()[row + 1]; entry++) {
                double value = features.values()[entry];
                sums[features.slots()[entry]] += value;
                squares[features.slots()[entry]] += value * value;
            }
        }
        double[] importance = new double[features.width()];
        for (int slot = 0; slot < importance.length; slot++) {
            double mean = sums[slot] / features.rows();
            double deviation = Math.sqrt(Math.max(0, squares[slot] / features.rows() - mean * mean));
            for (int k = 0; k < outputs; k++) {
                importance[slot] += Math.abs(weights[slot * outputs + k]) * deviation;
            }
        }
        return importance;
    }
}
