package dev.millwright.serving.rollout;

import java.util.List;
import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * How likely each of several versions is to be the one with the highest mean reward, when nothing is known beforehand and each reward
 * is 0 or 1. To choose each with that probability is what Thompson sampling does (W. R. Thompson, On the likelihood that one unknown
 * probability exceeds another in view of the evidence of two samples, Biometrika 25, 1933; O. Chapelle and L. Li, An empirical
 * evaluation of Thompson sampling, NIPS 2011): drawing from the posteriors for each request, or computing how often each would win and
 * drawing by that, are the same, and the latter needs no posterior on the way of a request.
 */
final class BestArm {
    /** Points at which an arm's posterior is looked at, evenly spaced in probability. */
    private static final int POINTS = 400;

    private BestArm() {}

    /**
     * What is known of one version.
     *
     * @param rewards their sum
     * @param trials how many there were
     */
    record Arm(double rewards, long trials) {
        /** The posterior with a uniform prior. */
        BetaDistribution posterior() {
            return BetaDistribution.of(1 + rewards, 1 + trials - rewards);
        }
    }

    /** In the order of the arms; they add up to 1. */
    static double[] probabilities(List<Arm> arms) {
        List<BetaDistribution> posteriors = arms.stream().map(Arm::posterior).toList();
        double[] best = new double[arms.size()];
        double total = 0;
        for (int arm = 0; arm < best.length; arm++) {
            for (int i = 0; i < POINTS; i++) {
                double reward = posteriors.get(arm).inverseCumulativeProbability((i + 0.5) / POINTS);
                double others = 1;
                for (int other = 0; other < best.length; other++) {
                    others *= other == arm ? 1 : posteriors.get(other).cumulativeProbability(reward);
                }
                best[arm] += others;
            }
            total += best[arm];
        }
        for (int arm = 0; arm < best.length; arm++) {
            best[arm] /= total;
        }
        return best;
    }

    /**
     * Shares of the traffic: as the probabilities, but none below the floor, so that every version goes on being learnt about.
     *
     * @param floor at most one share among equals
     */
    static double[] shares(double[] probabilities, double floor) {
        double[] shares = new double[probabilities.length];
        double spread = 1 - floor * probabilities.length;
        for (int arm = 0; arm < shares.length; arm++) {
            shares[arm] = floor + spread * probabilities[arm];
        }
        return shares;
    }
}
