package dev.millwright.serving.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The candidate is made ready beside the champion, takes all traffic in one swap, and the champion stays ready for a while. There is no
 * swap before the candidate is in memory, and no end as long as it was asked and gave no answer.
 *
 * @param ready how long the candidate stands ready before the swap, to be tried with a header that pins it; zero swaps at once
 * @param keep how long the champion stays ready after the swap
 */
public record BlueGreen(Duration ready, Duration keep) implements Strategy {
    public BlueGreen {
        if (ready.isNegative()) {
            throw new IllegalArgumentException("wait: " + ready + " (expected: 0 or longer)");
        }
        Durations.requirePositive("keep", keep);
    }

    private static final int READY = 0;
    private static final int SWAPPED = 1;

    @Override
    public String label() {
        return "blue_green";
    }

    @Override
    public List<String> stages() {
        return List.of("ready", "swapped");
    }

    @Override
    public Split split(RolloutState state) {
        return Split.of(state, state.stage() == READY ? 0 : 1);
    }

    @Override
    public Optional<Duration> stageLasts(RolloutState state) {
        return Optional.of(state.stage() == READY ? ready : keep);
    }

    /** The stage that it begins with. */
    int firstStage() {
        return ready.isZero() ? SWAPPED : READY;
    }

    @Override
    public Step next(RolloutState state, Evidence evidence, Instant now) {
        Duration lasted = Duration.between(state.stageStarted(), now);
        if (state.stage() == READY) {
            return evidence.isMute() || !evidence.isReady() || lasted.compareTo(ready) < 0
                    ? Step.STAY
                    : new Step.Advance(
                            state.next(now),
                            "version " + state.candidate() + " stood ready for " + Durations.told(ready));
        }
        return evidence.isMute() || lasted.compareTo(keep) < 0
                ? Step.STAY
                : new Step.Finish(
                        state.candidate(),
                        evidence.told() + " in " + Durations.told(keep) + " without a reason to turn back");
    }
}
