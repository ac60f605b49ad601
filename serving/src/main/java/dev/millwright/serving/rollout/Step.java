package dev.millwright.serving.rollout;

/** What a strategy wants to do next. */
public sealed interface Step {
    /** Nothing yet. */
    record Stay() implements Step {}

    /** Goes on. */
    record Advance(RolloutState next, String reason) implements Step {}

    /** Ends with one version for all requests. */
    record Finish(int version, String reason) implements Step {}

    /** Ends with the champion for all requests. */
    record TurnBack(String reason) implements Step {}

    Step STAY = new Stay();
}
