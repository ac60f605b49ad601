package dev.millwright.serving.rollout;

import java.time.Duration;
import java.util.List;

/**
 * How a version is rolled out.
 *
 * @param strategy how it gets its traffic
 * @param rollBackIf reasons to turn back, whatever the strategy
 * @param score what quality means
 * @param alpha chance that a judgement of quality is ever wrong, however often it is made
 * @param minimumRequests that the candidate must have answered in a stage before it advances, and in the window before a
 *     rule is applied; an error rate that is beyond doubt is acted on sooner
 */
public record RolloutPlan(
        Strategy strategy, List<RollBackRule> rollBackIf, QualityScore score, double alpha, long minimumRequests) {
    /** Requests before a stage is judged, unless said. */
    public static final long MINIMUM_REQUESTS = 100;

    /** Chance of a wrong judgement of quality, unless said. */
    public static final double ALPHA = 0.05;

    private static final Duration WINDOW = Duration.ofMinutes(10);

    public RolloutPlan {
        rollBackIf = List.copyOf(rollBackIf);
        if (minimumRequests < 1) {
            throw new IllegalArgumentException("minimumRequests: " + minimumRequests + " (expected: at least 1)");
        }
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("alpha: " + alpha + " (expected: above 0% and below 100%)");
        }
        if (!strategy.isComparable()) {
            rollBackIf.forEach(rule -> requireComparable(strategy, rule));
        }
    }

    private static void requireComparable(Strategy strategy, RollBackRule rule) {
        if (rule instanceof RollBackRule.QualityLoss || rule instanceof RollBackRule.OutputShift) {
            throw new IllegalArgumentException("roll_back_if: " + rule.label() + ": beside " + strategy.label()
                    + ", which give versions different requests (expected: error_rate, a latency, disagreement or"
                    + " mean_difference)");
        }
    }

    /** With the usual minimum of requests, and quality by Brier's score. */
    public static RolloutPlan of(Strategy strategy, List<RollBackRule> rollBackIf) {
        return new RolloutPlan(strategy, rollBackIf, new QualityScore.Brier(), ALPHA, MINIMUM_REQUESTS);
    }

    /** A canary. */
    public static RolloutPlan canary(List<Double> shares, Duration every, List<RollBackRule> rollBackIf) {
        return of(new Canary(shares, every), rollBackIf);
    }

    /** Whether the candidate takes over at once: there is nothing to wait for, and nothing that could turn it back. */
    boolean isImmediate() {
        return strategy instanceof Canary canary && canary.shares().size() == 1 && rollBackIf.isEmpty();
    }

    /** All traffic at once, nothing watched. */
    public static RolloutPlan immediate() {
        return canary(List.of(1.0), Duration.ofSeconds(1), List.of());
    }

    /** Whether labels matter to it. */
    boolean judgesQuality() {
        return strategy instanceof AbTest
                || strategy instanceof Bandit
                || rollBackIf.stream().anyMatch(RollBackRule.QualityLoss.class::isInstance);
    }

    /** Whether some requests must be answered by both versions. */
    boolean needsPairs() {
        return rollBackIf.stream()
                .anyMatch(rule ->
                        rule instanceof RollBackRule.Disagreement || rule instanceof RollBackRule.MeanDifference);
    }

    /** The stretch of time that rules look at. */
    Duration window() {
        return switch (strategy) {
            case Canary canary -> canary.every();
            case Shadow shadow when shadow.then() instanceof Shadow.Then.Continue(Canary canary) -> canary.every();
            case Bandit bandit -> bandit.every();
            case BlueGreen _, Shadow _, AbTest _, Conditions _ -> WINDOW;
        };
    }
}
