package dev.millwright.pipelines;

import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Rollout;
import dev.millwright.serving.rollout.RolloutController;
import dev.millwright.serving.rollout.RolloutState;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The rollouts under way: judged as time passes, shown, and steered by people. Thread-safe. */
public final class RolloutDesk {
    private final Registry registry;
    private final RolloutController rollouts;

    RolloutDesk(Registry registry, RolloutController rollouts) {
        this.registry = registry;
        this.rollouts = rollouts;
    }

    /** Judges them; call it often. */
    public void tick(Instant now) {
        rollouts.tick(now);
    }

    /** Keeps their models in memory; call it often, where it may take a while. */
    public void keepReady() {
        rollouts.keepReady();
    }

    /** All of them. */
    public List<RolloutState> active() {
        return rollouts.active();
    }

    /** That on an endpoint. */
    public Optional<RolloutState> find(String endpoint) {
        return rollouts.find(endpoint);
    }

    /**
     * The same with what is known about it.
     *
     * @throws MillwrightException when there is no endpoint of that name, or nothing under way on it
     */
    public RolloutView loadView(String endpoint) {
        var _ = Deployments.require(registry, endpoint);
        return rollouts.load(endpoint, RolloutView::of);
    }

    /** The same; empty when nothing is under way. */
    public Optional<RolloutView> findView(String endpoint) {
        return rollouts.find(endpoint, RolloutView::of);
    }

    /** How an endpoint is served, in a word, and why. */
    public record Standing(String status, String reason) {}

    /** What a person may do to a rollout under way. */
    public enum Steering {
        /** Stay as it is; rules still turn it back. */
        PAUSE,
        /** Go on. */
        RESUME,
        /** The new version serves alone, at once. */
        PROMOTE,
        /** The version that served before serves alone, at once. */
        STOP
    }

    /**
     * Steers a rollout.
     *
     * @throws MillwrightException when there is no endpoint of that name, or nothing under way on it
     */
    public Standing steer(String endpoint, Steering steering, String reason) {
        var _ = Deployments.require(registry, endpoint);
        switch (steering) {
            case PAUSE -> rollouts.pause(endpoint, reason);
            case RESUME -> rollouts.resume(endpoint, reason);
            case PROMOTE -> rollouts.promote(endpoint, reason);
            case STOP -> rollouts.stop(endpoint, reason);
        }
        Rollout now = registry.endpoints().load(endpoint).rollout();
        return new Standing(now.status().name().toLowerCase(Locale.ROOT), now.reason());
    }
}
