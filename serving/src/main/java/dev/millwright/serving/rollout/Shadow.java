package dev.millwright.serving.rollout;

import dev.millwright.serving.AnswerComparison;
import dev.millwright.serving.routing.Assignment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The candidate gets copies of the requests; its answers are compared with the champion's and never returned. As long as none could be
 * compared it is not let in: the shadow waits, also across a restart, which forgets what was compared before.
 *
 * @param lasts how long at least
 * @param requests that it must have answered by then; after ten times as long they are waited for no more
 * @param share of the requests that are mirrored
 * @param then what follows
 */
public record Shadow(Duration lasts, long requests, double share, Then then) implements Strategy {
    public Shadow {
        Durations.requirePositive("for", lasts);
        if (requests < 1) {
            throw new IllegalArgumentException("requests: " + requests + " (expected: at least 1)");
        }
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share: " + share + " (expected: above 0% and up to 100%)");
        }
    }

    /** What follows when nothing spoke against the candidate. */
    public sealed interface Then {
        /** The candidate serves alone. */
        record Promote() implements Then {}

        /** The champion goes on; what was found is on the record. */
        record Stop() implements Then {}

        /** The candidate's share grows. */
        record Continue(Canary canary) implements Then {}
    }

    @Override
    public String label() {
        return "shadow";
    }

    @Override
    public List<String> stages() {
        List<String> stages = new ArrayList<>(List.of("shadow"));
        if (then instanceof Then.Continue(Canary canary)) {
            stages.addAll(canary.stages());
        }
        return stages;
    }

    @Override
    public Split split(RolloutState state) {
        if (state.stage() > 0 && then instanceof Then.Continue(Canary canary)) {
            return Split.of(state, canary.shares().get(state.stage() - 1));
        }
        // Not among those that answer, so that nobody can ask for its answers.
        return new Split(
                Map.of(state.champion(), 1.0),
                Optional.of(state.candidate()),
                new Assignment(List.of(), stickyBy(), 0, share));
    }

    @Override
    public Optional<Duration> stageLasts(RolloutState state) {
        return state.stage() > 0 && then instanceof Then.Continue(Canary canary)
                ? canary.stageLasts(state)
                : Optional.of(lasts);
    }

    @Override
    public Step next(RolloutState state, Evidence evidence, Instant now) {
        if (state.stage() > 0 && then instanceof Then.Continue(Canary canary)) {
            return canary.next(state, state.stage() - 1, evidence, now);
        }
        Duration lasted = Duration.between(state.stageStarted(), now);
        boolean evident = evidence.requests() >= requests;
        if (lasted.compareTo(evident ? lasts : lasts.multipliedBy(Canary.PATIENCE)) < 0) {
            return Step.STAY;
        }
        boolean compared = evidence.comparison().rows() > 0;
        if (!compared && !(then instanceof Then.Stop)) {
            return Step.STAY;
        }
        String reason = (evident ? "" : "only ") + evidence.requests() + " mirrored requests in "
                + Durations.told(lasted) + ": "
                + (compared ? told(evidence.comparison()) : "no answers that could be compared");
        return switch (then) {
            case Then.Promote _ -> new Step.Finish(state.candidate(), reason);
            case Then.Stop _ -> new Step.TurnBack(reason);
            case Then.Continue _ -> new Step.Advance(state.next(now), reason);
        };
    }

    private static String told(AnswerComparison.Snapshot comparison) {
        return String.format(
                Locale.ROOT,
                "%d of %d rows disagree, their numbers differ by %.4g on average and %.4g at most",
                comparison.disagreements(),
                comparison.rows(),
                comparison.meanDifference(),
                comparison.largest());
    }
}
