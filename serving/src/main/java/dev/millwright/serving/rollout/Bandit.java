package dev.millwright.serving.rollout;

import dev.millwright.serving.routing.Assignment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Each version gets as much of the traffic as it is likely to be the best: Thompson sampling, see {@link BestArm}.
 *
 * @param floor share that each version keeps
 * @param every how often shares are computed anew
 * @param sure probability of being the best at which a version takes all traffic; empty to go on until somebody decides
 * @param others versions that take part beside the champion and the candidate
 */
public record Bandit(double floor, Duration every, Optional<Double> sure, List<Integer> others) implements Strategy {
    /** Shares that differ less are left as they are, so that the record is not filled with noise. */
    private static final double NOTICEABLE = 0.01;

    /** Rewards of each version before any is called the best. */
    private static final long LEAST_REWARDS = 100;

    public Bandit {
        others = List.copyOf(others);
        int versions = others.size() + 2;
        if (!(floor >= 0 && floor * versions < 1)) {
            throw new IllegalArgumentException("floor: " + Shares.percent(floor) + " for each of " + versions
                    + " versions (expected: less than " + Shares.percent(1.0 / versions) + ")");
        }
        Durations.requirePositive("every", every);
        if (sure.filter(share -> !(share > 0.5 && share < 1)).isPresent()) {
            throw new IllegalArgumentException("until: " + sure.get() + " (expected: above 50% and below 100%)");
        }
    }

    @Override
    public String label() {
        return "bandit";
    }

    @Override
    public List<String> stages() {
        return List.of("shares by reward");
    }

    @Override
    public Split split(RolloutState state) {
        Map<Integer, Double> weights = new LinkedHashMap<>();
        List<Integer> versions = state.versions();
        for (int version : versions) {
            weights.put(version, state.weights().getOrDefault(version, 1.0 / versions.size()));
        }
        return new Split(weights, Optional.empty(), new Assignment(List.of(), stickyBy(), state.candidate(), 1));
    }

    @Override
    public Optional<Duration> stageLasts(RolloutState state) {
        return Optional.of(every);
    }

    @Override
    public Step next(RolloutState state, Evidence evidence, Instant now) {
        if (now.isBefore(state.stageStarted().plus(every))) {
            return Step.STAY;
        }
        List<Integer> versions = state.versions();
        List<BestArm.Arm> arms = new ArrayList<>();
        for (int version : versions) {
            arms.add(evidence.rewards().getOrDefault(version, new BestArm.Arm(0, 0)));
        }
        double[] best = BestArm.probabilities(arms);
        boolean enough = arms.stream().allMatch(arm -> arm.trials() >= LEAST_REWARDS);
        for (int i = 0; i < best.length; i++) {
            if (enough && best[i] >= sure.orElse(2.0)) {
                String reason = String.format(
                        Locale.ROOT,
                        "the best with probability %.4f after %d rewards",
                        best[i],
                        arms.get(i).trials());
                return new Step.Finish(versions.get(i), reason);
            }
        }
        return moved(state, versions, BestArm.shares(best, floor), now);
    }

    private static Step moved(RolloutState state, List<Integer> versions, double[] shares, Instant now) {
        Map<Integer, Double> before = state.strategy().split(state).weights();
        Map<Integer, Double> weights = new LinkedHashMap<>();
        List<String> told = new ArrayList<>();
        boolean noticeable = false;
        for (int i = 0; i < shares.length; i++) {
            int version = versions.get(i);
            noticeable |= Math.abs(before.getOrDefault(version, 0.0) - shares[i]) >= NOTICEABLE;
            weights.put(version, shares[i]);
            told.add("version " + version + " " + Shares.percent(shares[i]));
        }
        return noticeable
                ? new Step.Advance(state.with(weights, now), "shares by reward: " + String.join(", ", told))
                : Step.STAY;
    }
}
