package dev.millwright.serving.rollout;

/** Keeps what rollouts decide. */
@FunctionalInterface
public interface RolloutListener {
    /**
     * Stores the decision durably, together with the event of it; the route is swapped when this returns. When it throws,
     * nothing changes and the decision is tried again at the next tick.
     */
    void decided(RolloutDecision decision);
}
