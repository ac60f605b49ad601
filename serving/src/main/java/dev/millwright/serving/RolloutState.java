package dev.millwright.serving;

import java.time.Instant;

/**
 * A rollout under way: what must be kept so that it can go on after a restart.
 *
 * @param champion version that served before
 * @param candidate version that takes over
 * @param stage position in the plan's {@code canary}, from 0
 * @param stageStarted when the candidate got that share
 */
public record RolloutState(
        String endpoint, String model, int champion, int candidate, RolloutPlan plan, int stage, Instant stageStarted) {
    public RolloutState {
        if (stage < 0 || stage >= plan.canary().size()) {
            throw new IllegalArgumentException(
                    "stage: " + stage + " (expected: 0 to " + (plan.canary().size() - 1) + ")");
        }
    }

    /** The candidate's share of the traffic, from 0 to 1. */
    public double share() {
        return plan.canary().get(stage);
    }

    RolloutState next(Instant now) {
        return new RolloutState(endpoint, model, champion, candidate, plan, stage + 1, now);
    }

    boolean isLastStage() {
        return stage == plan.canary().size() - 1;
    }
}
