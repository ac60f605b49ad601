package dev.millwright.serving.rollout;

import dev.millwright.serving.routing.Assignment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A rollout under way: what must be kept so that it can go on after a restart.
 *
 * @param champion version that served before
 * @param candidate version that takes over, or is tried
 * @param stage position among the strategy's stages, from 0
 * @param started when the rollout began
 * @param stageStarted when the stage did; later by as long as it was paused
 * @param pausedSince when somebody stopped it where it is
 * @param weights shares of the versions where rewards decide; empty elsewhere, and before the first
 */
public record RolloutState(
        String endpoint,
        String model,
        int champion,
        int candidate,
        RolloutPlan plan,
        int stage,
        Instant started,
        Instant stageStarted,
        Optional<Instant> pausedSince,
        Map<Integer, Double> weights) {
    /** Share of the requests that a second version answers too, where rules compare answers. */
    private static final double PAIRED = 0.1;

    public RolloutState {
        weights = Collections.unmodifiableMap(new TreeMap<>(weights));
        int stages = plan.strategy().stages().size();
        if (stage < 0 || stage >= stages) {
            throw new IllegalArgumentException("stage: " + stage + " (expected: 0 to " + (stages - 1) + ")");
        }
    }

    /** A rollout that begins. */
    static RolloutState first(
            String endpoint, String model, int champion, int candidate, RolloutPlan plan, Instant now) {
        int stage = plan.strategy() instanceof BlueGreen blueGreen ? blueGreen.firstStage() : 0;
        return new RolloutState(
                endpoint, model, champion, candidate, plan, stage, now, now, Optional.empty(), Map.of());
    }

    /** What happens first, in words. */
    String beginning() {
        String version = "version " + candidate;
        return switch (strategy()) {
            case Shadow shadow -> version + " sees " + Shares.percent(shadow.share()) + " of the requests";
            case BlueGreen _ when share() == 0 -> version + " stands ready";
            case Conditions(List<Conditions.Rule> rules) ->
                "by condition: "
                        + String.join(
                                "; ",
                                rules.stream()
                                        .map(rule -> "version "
                                                + rule.version().orElse(candidate) + " when "
                                                + rule.when().label())
                                        .toList());
            case Canary _, BlueGreen _, AbTest _, Bandit _ ->
                version + " gets " + Shares.percent(share()) + " of the traffic";
        };
    }

    public Strategy strategy() {
        return plan.strategy();
    }

    /** Who answers now. */
    public Split split() {
        Split split = strategy().split(this);
        if (!plan.needsPairs() || split.shadow().isPresent()) {
            return split;
        }
        // The one that has less to do sees some of what the other answers.
        boolean swapped = split.weights().getOrDefault(champion, 0.0) == 0;
        return new Split(
                split.weights(),
                Optional.of(swapped ? champion : candidate),
                new Assignment(
                        split.assignment().rules(),
                        split.assignment().stickyBy(),
                        split.assignment().salt(),
                        PAIRED));
    }

    /** Every version that takes part: the candidate first, the champion last. */
    public List<Integer> versions() {
        List<Integer> versions = new ArrayList<>(List.of(candidate));
        strategy().others().stream()
                .filter(version -> version != candidate && version != champion)
                .forEach(versions::add);
        versions.add(champion);
        return versions;
    }

    /** The candidate's share of the traffic that no condition decides, from 0 to 1. */
    public double share() {
        return strategy().split(this).weights().getOrDefault(candidate, 0.0);
    }

    public boolean isPaused() {
        return pausedSince.isPresent();
    }

    /** When the stage is over at the earliest, if time decides. */
    public Optional<Instant> stageEnds() {
        return strategy().stageLasts(this).map(stageStarted::plus);
    }

    RolloutState next(Instant now) {
        return new RolloutState(
                endpoint, model, champion, candidate, plan, stage + 1, started, now, pausedSince, weights);
    }

    RolloutState with(Map<Integer, Double> shares, Instant now) {
        return new RolloutState(endpoint, model, champion, candidate, plan, stage, started, now, pausedSince, shares);
    }

    RolloutState paused(Instant now) {
        return new RolloutState(
                endpoint, model, champion, candidate, plan, stage, started, stageStarted, Optional.of(now), weights);
    }

    /** The time of the pause doesn't count. */
    RolloutState resumed(Instant now) {
        Duration pause = Duration.between(pausedSince.orElse(now), now);
        return new RolloutState(
                endpoint,
                model,
                champion,
                candidate,
                plan,
                stage,
                started,
                stageStarted.plus(pause),
                Optional.empty(),
                weights);
    }
}
