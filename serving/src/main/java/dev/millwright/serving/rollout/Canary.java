package dev.millwright.serving.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The candidate's share of the traffic grows stage by stage.
 *
 * @param shares growing, 1 at last; the last stage is watched like the others, with the champion kept ready
 * @param every how long a stage lasts at least
 * @param patience after which a stage ends even without the plan's minimum of requests, so that an endpoint that nobody calls
 *     doesn't roll out for ever; at least {@code every}. A stage in which none of the requests that came was answered goes on
 */
public record Canary(List<Double> shares, Duration every, Duration patience) implements Strategy {
    /** A stage without enough requests lasts so many times as long as another. */
    static final int PATIENCE = 10;

    public Canary {
        shares = List.copyOf(shares);
        double last = 0;
        for (double share : shares) {
            if (!(share > last && share <= 1)) {
                throw new IllegalArgumentException(
                        "canary: " + shares + " (expected: growing shares above 0% and up to 100%)");
            }
            last = share;
        }
        if (last != 1) {
            throw new IllegalArgumentException("canary: " + shares + " (expected: 100% at last)");
        }
        Durations.requirePositive("every", every);
        if (patience.compareTo(every) < 0) {
            throw new IllegalArgumentException("patience: " + patience + " (expected: at least every: " + every + ")");
        }
    }

    /** With the usual patience. */
    public Canary(List<Double> shares, Duration every) {
        this(shares, every, every.multipliedBy(PATIENCE));
    }

    @Override
    public String label() {
        return "canary";
    }

    @Override
    public List<String> stages() {
        return shares.stream().map(Shares::percent).toList();
    }

    @Override
    public Split split(RolloutState state) {
        return Split.of(state, shares.get(state.stage()));
    }

    @Override
    public Optional<Duration> stageLasts(RolloutState state) {
        return Optional.of(every);
    }

    @Override
    public Step next(RolloutState state, Evidence evidence, Instant now) {
        return next(state, state.stage(), evidence, now);
    }

    /** The same when this is what follows other stages. */
    Step next(RolloutState state, int stage, Evidence evidence, Instant now) {
        Duration lasted = Duration.between(state.stageStarted(), now);
        boolean evident = evidence.requests() >= state.plan().minimumRequests();
        if (evidence.isMute() || lasted.compareTo(evident ? every : patience) < 0) {
            return Step.STAY;
        }
        String at = " at " + Shares.percent(shares.get(stage));
        String reason = evident
                ? evidence.told() + at + " without a reason to turn back"
                : "only " + evidence.told() + at + " in " + Durations.told(lasted);
        return stage == shares.size() - 1
                ? new Step.Finish(state.candidate(), reason)
                : new Step.Advance(state.next(now), reason);
    }
}
