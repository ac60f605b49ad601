package dev.millwright.serving.rollout;

import java.time.Instant;

/** A step of a rollout, told of before the traffic follows. */
public sealed interface RolloutDecision {
    String endpoint();

    Instant time();

    /** Why, as a person reads it. */
    String reason();

    /** What it rests on. */
    RolloutFigures figures();

    /** The rollout begins. */
    record Start(RolloutState state, String reason) implements RolloutDecision {
        @Override
        public String endpoint() {
            return state.endpoint();
        }

        @Override
        public Instant time() {
            return state.stageStarted();
        }

        @Override
        public RolloutFigures figures() {
            return RolloutFigures.NONE;
        }
    }

    /** The next stage begins, or other shares hold. */
    record Advance(RolloutState state, String reason, RolloutFigures figures) implements RolloutDecision {
        @Override
        public String endpoint() {
            return state.endpoint();
        }

        @Override
        public Instant time() {
            return state.stageStarted();
        }
    }

    /** The rollout stops where it is, until it is resumed. */
    record Pause(RolloutState state, Instant time, String reason, RolloutFigures figures) implements RolloutDecision {
        @Override
        public String endpoint() {
            return state.endpoint();
        }
    }

    /** It goes on. */
    record Resume(RolloutState state, Instant time, String reason, RolloutFigures figures) implements RolloutDecision {
        @Override
        public String endpoint() {
            return state.endpoint();
        }
    }

    /** {@code version} serves alone from now on. */
    record Finish(String endpoint, String model, int version, Instant time, String reason, RolloutFigures figures)
            implements RolloutDecision {}

    /** {@code to} serves alone again instead of {@code from}. */
    record RollBack(
            String endpoint, String model, int from, int to, Instant time, String reason, RolloutFigures figures)
            implements RolloutDecision {}
}
