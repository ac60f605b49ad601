package dev.millwright.serving;

import java.time.Instant;

/** A step of a rollout, told of before the traffic follows. */
public sealed interface RolloutDecision {
    String endpoint();

    Instant time();

    /** Why, as a person reads it. */
    String reason();

    /** The candidate gets its first share. */
    record Start(RolloutState state, String reason) implements RolloutDecision {
        @Override
        public String endpoint() {
            return state.endpoint();
        }

        @Override
        public Instant time() {
            return state.stageStarted();
        }
    }

    /** The candidate gets a larger share. */
    record Advance(RolloutState state, String reason) implements RolloutDecision {
        @Override
        public String endpoint() {
            return state.endpoint();
        }

        @Override
        public Instant time() {
            return state.stageStarted();
        }
    }

    /** {@code version} serves alone from now on. */
    record Finish(String endpoint, String model, int version, Instant time, String reason) implements RolloutDecision {}

    /** {@code to} serves alone again instead of {@code from}. */
    record RollBack(String endpoint, String model, int from, int to, Instant time, String reason)
            implements RolloutDecision {}
}
