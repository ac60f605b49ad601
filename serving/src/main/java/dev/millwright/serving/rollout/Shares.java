package dev.millwright.serving.rollout;

/** Writes shares as people read them. */
final class Shares {
    private Shares() {}

    /** {@code 2.5 %}. */
    static String percent(double share) {
        double percent = Math.round(share * 1e4) / 1e2;
        return (percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent)) + " %";
    }
}
