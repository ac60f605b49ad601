package dev.millwright.serving.rollout;

/**
 * Intervals that hold at all times at once: one may look after every score, and stop when one likes, and the chance that the truth is
 * ever outside is at most alpha. They come from {@link Betting}: a value is outside when the capital of one who bet against it has
 * grown to 2/alpha, one such gambler for either side. Bounds are given to the next thousandth outwards.
 *
 * <p>For the difference of two means, whoever claims that it is at least {@code d} must name a mean {@code m} of the first such that
 * the second's is at least {@code m + d}. The product of the capitals of two who bet against either half of that is a supermartingale
 * where the claim holds, as the scores come one at a time, each of one version. So the claim is refuted when for each {@code m} the
 * product is 2/alpha. Between points of the grid the product is bounded from below, as both factors are monotone.
 *
 * @param lower at most the truth
 * @param upper at least the truth
 */
record ConfidenceSequence(double lower, double upper) {

    /** Of the mean of scores from 0 to 1. */
    static ConfidenceSequence ofMean(ScoreHistogram scores, double alpha) {
        double[] above = Betting.above(scores);
        double[] below = Betting.below(scores);
        double enough = Math.log(2 / alpha);
        int lower = 0;
        while (lower < Betting.GRID && above[lower + 1] >= enough) {
            lower++;
        }
        int upper = Betting.GRID;
        while (upper > 0 && below[upper - 1] >= enough) {
            upper--;
        }
        return new ConfidenceSequence((double) lower / Betting.GRID, (double) upper / Betting.GRID);
    }

    /** Of the mean of the second minus the mean of the first, whose scores are of different requests. */
    static ConfidenceSequence ofDifference(ScoreHistogram first, ScoreHistogram second, double alpha) {
        double enough = Math.log(2 / alpha);
        return new ConfidenceSequence(
                -largestDifference(Betting.above(second), Betting.below(first), enough),
                largestDifference(Betting.above(first), Betting.below(second), enough));
    }

    /** The same where both were scored on the same requests: of scores {@code (1 + second − first) / 2}. */
    static ConfidenceSequence ofPairs(ScoreHistogram pairs, double alpha) {
        ConfidenceSequence mean = ofMean(pairs, alpha);
        return new ConfidenceSequence(2 * mean.lower - 1, 2 * mean.upper - 1);
    }

    /** The smallest that is refuted, of the second mean minus the first, by one who bets on a high first and a low second. */
    private static double largestDifference(double[] firstAbove, double[] secondBelow, double enough) {
        int low = -Betting.GRID;
        int high = Betting.GRID;
        if (smallestProduct(firstAbove, secondBelow, high) < enough) {
            return 1;
        }
        while (low < high) {
            int middle = Math.floorDiv(low + high, 2);
            if (smallestProduct(firstAbove, secondBelow, middle) >= enough) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return (double) high / Betting.GRID;
    }

    /** A bound from below of what the product is over all means of the first, where the second's is larger by {@code shift}. */
    static double smallestProduct(double[] firstAbove, double[] secondBelow, int shift) {
        int from = Math.max(0, -shift);
        int to = Math.min(Betting.GRID, Betting.GRID - shift);
        if (from == to) {
            return firstAbove[from] + secondBelow[from + shift];
        }
        double smallest = Double.POSITIVE_INFINITY;
        for (int i = from; i < to; i++) {
            smallest = Math.min(smallest, firstAbove[i + 1] + secondBelow[i + shift]);
        }
        return smallest;
    }

    /** Whether the truth is surely below. */
    boolean isBelow(double value) {
        return upper < value;
    }

    /** Whether the truth is surely above. */
    boolean isAbove(double value) {
        return lower > value;
    }
}
