package dev.millwright.monitoring;

/**
 * When a difference is called drift: when it is large, sure, and seen on enough rows, all three.
 *
 * @param psiThreshold population stability index above which a difference is large; 0.1 to 0.25 are usual
 * @param alpha expected share of false alarms among the columns called drifted
 * @param minimumRows rows that the window must have
 */
public record DriftOptions(double psiThreshold, double alpha, long minimumRows) {
    public static final DriftOptions DEFAULT = new DriftOptions(0.2, 0.01, 200);

    public DriftOptions {
        if (!(psiThreshold > 0)) {
            throw new IllegalArgumentException("psiThreshold: " + psiThreshold + " (expected: above 0)");
        }
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("alpha: " + alpha + " (expected: between 0 and 1)");
        }
        if (minimumRows < 1) {
            throw new IllegalArgumentException("minimumRows: " + minimumRows + " (expected: at least 1)");
        }
    }
}
