package dev.millwright.evaluation.selection;

import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * How much greater a loss is than another on the same rows, on the mean, with its 95 % interval.
 *
 * @param pValue of a one-sided paired test: how often a loss that isn't greater would seem to be so much so; 1 where nothing differs
 */
public record LossChange(double mean, double low, double high, double pValue) {
    private static final double HALF_WIDTH = 1.959963984540054;
    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    /** Of the rows' differences: a paired test, by the central limit theorem. */
    public static LossChange of(double[] before, double[] after) {
        double mean = 0;
        for (int row = 0; row < before.length; row++) {
            mean += (after[row] - before[row]) / before.length;
        }
        double squares = 0;
        for (int row = 0; row < before.length; row++) {
            double deviation = after[row] - before[row] - mean;
            squares += deviation * deviation;
        }
        double error = Math.sqrt(squares / (before.length - 1.0) / before.length);
        double chance = error > 0 ? NORMAL.survivalProbability(mean / error) : 1;
        return new LossChange(mean, mean - HALF_WIDTH * error, mean + HALF_WIDTH * error, chance);
    }

    LossChange withPValue(double adjusted) {
        return new LossChange(mean, low, high, adjusted);
    }
}
