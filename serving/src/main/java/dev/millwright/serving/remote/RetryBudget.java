package dev.millwright.serving.remote;

/**
 * How many calls may be made again: one in five of those that come, and some at once, so that servers which fail for lack of strength
 * aren't sent yet more. Thread-safe.
 */
final class RetryBudget {
    private static final double EARNED = 0.2;

    private final double most;
    private double left;

    /** {@code atOnce}: calls that may be made again within a moment; as many as may be lost together with a server. */
    RetryBudget(int atOnce) {
        this.most = atOnce;
        this.left = atOnce;
    }

    synchronized void earn() {
        left = Math.min(most, left + EARNED);
    }

    synchronized boolean trySpend() {
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
