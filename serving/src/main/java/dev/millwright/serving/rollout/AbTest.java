package dev.millwright.serving.rollout;

import dev.millwright.serving.routing.Assignment;
import dev.millwright.serving.routing.StickyKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Both versions answer, each its own clients, until labels say which is better.
 *
 * @param share of the clients whom the candidate answers
 * @param stickyBy what makes a client
 * @param lasts after which the champion stays when nothing was found; empty to wait for ever
 */
public record AbTest(double share, StickyKey stickyBy, Optional<Duration> lasts) implements Strategy {
    public AbTest {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("split: " + share + " (expected: above 0% and below 100%)");
        }
        lasts.ifPresent(duration -> Durations.requirePositive("for", duration));
    }

    @Override
    public String label() {
        return "ab";
    }

    @Override
    public List<String> stages() {
        return List.of(Shares.percent(share) + " and " + Shares.percent(1 - share));
    }

    /** Salted by the candidate, so that one test's groups are not the next one's. */
    @Override
    public Split split(RolloutState state) {
        return Split.of(state, share).with(new Assignment(List.of(), stickyBy, state.candidate(), 1));
    }

    @Override
    public Optional<Duration> stageLasts(RolloutState state) {
        return lasts;
    }

    @Override
    public Step next(RolloutState state, Evidence evidence, Instant now) {
        QualityFigures quality = evidence.quality();
        if (quality.isBetter()) {
            return new Step.Finish(
                    state.candidate(), "better than version " + state.champion() + ": " + quality.told());
        }
        if (quality.isWorse(0)) {
            return new Step.TurnBack("worse than version " + state.champion() + ": " + quality.told());
        }
        boolean over = lasts.filter(
                        duration -> !now.isBefore(state.stageStarted().plus(duration)))
                .isPresent();
        return over
                ? new Step.TurnBack("no difference found in " + Durations.told(lasts.get()) + ": " + quality.told())
                : Step.STAY;
    }
}
