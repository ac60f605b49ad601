package dev.millwright.serving.rollout;

import java.util.stream.IntStream;

/**
 * What somebody has won who bet on the mean of scores from 0 to 1, one score after the other, without debt and at fair odds. Who
 * claims that the mean is at most {@code m} is refuted by one who bet against that and turned 1 into 20: if the claim were true, the
 * chance of ever having that much, at whatever time one looks, would be at most 1/20 (Ville's inequality).
 *
 * <p>The bets are a diversified Kelly strategy: the capital is spread evenly over gamblers, each of whom always stakes the same
 * fraction {@code c} of what he has, so that it becomes the mean over {@code c} of {@code ∏ (1 − c + c·x/m)}. That is a non-negative
 * martingale when the mean is {@code m}, a supermartingale when it is less, and it falls as {@code m} grows. Fractions that halve
 * from one gambler to the next leave at least one who stakes about right, whatever the variance and the number of scores. See
 * I. Waudby-Smith and A. Ramdas, Estimating means of bounded random variables by betting, JRSS B 86(1), 2024, sections 4.3 and B.
 *
 * <p>The product doesn't depend on the order of the scores. Dividing a score between neighbouring bins, as {@link ScoreHistogram}
 * does, makes it smaller if anything, since the logarithm is concave; so what holds for the martingale holds for what is computed.
 */
final class Betting {
    /** Means at which the capital is known: from 0 to 1 by thousandths. */
    static final int GRID = 1000;

    private static final double[] FRACTIONS = fractions(14);

    private Betting() {}

    private static double[] fractions(int gamblers) {
        double[] fractions = new double[gamblers];
        fractions[0] = 0.9;
        for (int i = 1; i < gamblers; i++) {
            fractions[i] = Math.scalb(1.0, -i);
        }
        return fractions;
    }

    /**
     * Of one who bet that the mean is above {@code m}.
     *
     * @return logarithms of the capital for each {@code m = i / GRID}, falling
     */
    static double[] above(ScoreHistogram scores) {
        int[] bins = IntStream.rangeClosed(0, ScoreHistogram.LAST)
                .filter(bin -> scores.count(bin) > 0)
                .toArray();
        double[] capital = new double[GRID + 1];
        capital[0] = scores.sum() > 0 ? Double.POSITIVE_INFINITY : above(scores, bins, 1);
        for (int i = 1; i <= GRID; i++) {
            capital[i] = above(scores, bins, (double) i / GRID);
        }
        return capital;
    }

    private static double above(ScoreHistogram scores, int[] bins, double mean) {
        double[] gains = new double[FRACTIONS.length];
        double largest = Double.NEGATIVE_INFINITY;
        for (int gambler = 0; gambler < gains.length; gambler++) {
            for (int bin : bins) {
                double odds = (double) bin / ScoreHistogram.LAST / mean;
                gains[gambler] += scores.count(bin) * Math.log1p(FRACTIONS[gambler] * (odds - 1));
            }
            largest = Math.max(largest, gains[gambler]);
        }
        double total = 0;
        for (double gain : gains) {
            total += Math.exp(gain - largest);
        }
        return largest + Math.log(total / gains.length);
    }

    /** The same of one who bet that the mean is below {@code m}; growing. */
    static double[] below(ScoreHistogram scores) {
        double[] reflected = above(scores.reflected());
        double[] capital = new double[GRID + 1];
        for (int i = 0; i <= GRID; i++) {
            capital[i] = reflected[GRID - i];
        }
        return capital;
    }
}
