package dev.millwright.serving.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millwright.serving.CallTarget;
import dev.millwright.serving.PredictionSink;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.RouterOptions;
import dev.millwright.serving.TensorCall;
import dev.millwright.serving.TensorResult;
import dev.millwright.serving.WeightedVersion;
import dev.millwright.serving.protocol.Tensor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rollouts of versions that take and give tensors. */
class TensorRolloutTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final WeightedVersion CHAMPION = TensorVersion.of(1, labels("a", "b"), scores(0.25f, 0.75f));

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final List<RolloutDecision> decisions = new ArrayList<>();
    private final Router router =
            new Router(RouterOptions.forCores(1, 3), PredictionSink.NONE, () -> now, () -> 0, Runnable::run);
    private final RolloutController controller =
            new RolloutController(router, decisions::add, OutcomeSource.NONE, () -> now);

    private static Tensor labels(String... labels) {
        return Tensor.of("label", labels, labels.length);
    }

    private static Tensor scores(float... scores) {
        return Tensor.of("score", scores, scores.length);
    }

    private void start(WeightedVersion candidate, Strategy strategy, String... rules) {
        router.install("e", Route.of("e", CHAMPION));
        RolloutPlan plan = Rehearsal.plan(strategy, rules);
        RolloutCheck.require(plan, Optional.empty());
        controller.start("e", plan, candidate, List.of());
    }

    private TensorResult ask(int client) {
        CallTarget target = new CallTarget("e", Optional.empty(), Optional.of("client-" + client));
        return router.infer(new TensorCall(target, List.of(Tensor.of("x", new float[] {1}, 1))));
    }

    private void askAndPass(int requests, Duration time) {
        IntStream.range(0, requests).forEach(this::ask);
        now = now.plus(time);
        controller.tick(now);
    }

    private static Shadow shadow(Shadow.Then then) {
        return new Shadow(MINUTE, 100, 1, then);
    }

    @Test
    void aShadowComparesTensors_beforeItIsPromoted() {
        start(TensorVersion.of(2, labels("a", "c"), scores(0.25f, 0.25f)), shadow(new Shadow.Then.Promote()));
        assertThat(ask(0).modelVersion()).isEqualTo(1);

        askAndPass(99, MINUTE);

        assertThat(decisions.getLast()).isInstanceOf(RolloutDecision.Finish.class);
        assertThat(decisions.getLast().reason())
                .isEqualTo("100 mirrored requests in 1m: 100 of 200 rows disagree, their numbers differ by 0.2500 on"
                        + " average and 0.5000 at most");
        RolloutFigures.AnswerDisagreement found =
                decisions.getLast().figures().disagreement().orElseThrow();
        assertThat(found.share()).isEqualTo(0.5);
        assertThat(found.meanDifference()).isCloseTo(0.25, within(1e-9));
        assertThat(decisions.getLast().figures().outputPsi()).isEmpty();
        assertThat(ask(0).modelVersion()).isEqualTo(2);
    }

    @Test
    void aShadowIsNeverLetIn_withoutARowThatWasCompared() {
        start(TensorVersion.of(2, labels("a", "b"), scores(0.25f, 0.75f)), shadow(new Shadow.Then.Promote()));
        askAndPass(0, Duration.ofDays(365));
        assertThat(controller.active()).hasSize(1);

        askAndPass(1, MINUTE);
        assertThat(decisions.getLast().reason())
                .isEqualTo("only 1 mirrored requests in 365d 1m: 0 of 2 rows disagree, their numbers differ by 0.000 on"
                        + " average and 0.000 at most");
    }

    @Test
    void aShadowThatIsToStop_saysThatNothingWasCompared() {
        start(TensorVersion.of(2, labels("a", "b"), scores(0.25f, 0.75f)), shadow(new Shadow.Then.Stop()));
        askAndPass(0, MINUTE.multipliedBy(10));
        assertThat(decisions.getLast()).isInstanceOf(RolloutDecision.RollBack.class);
        assertThat(decisions.getLast().reason())
                .isEqualTo("only 0 mirrored requests in 10m: no answers that could be compared");
    }

    @Test
    void turnsBackOnDisagreement() {
        start(
                TensorVersion.of(2, labels("a", "c"), scores(0.25f, 0.75f)),
                shadow(new Shadow.Then.Promote()),
                "disagreement > 40%");
        askAndPass(100, MINUTE);
        assertThat(decisions.getLast()).isInstanceOf(RolloutDecision.RollBack.class);
        assertThat(decisions.getLast().reason())
                .isEqualTo("disagreement > 40%: another answer for 100 of 200 rows that both answered");
    }

    @Test
    void turnsBackOnTheMeanDifference_andNotOnASmallerOne() {
        Shadow shadow = shadow(new Shadow.Then.Promote());
        WeightedVersion candidate = TensorVersion.of(2, labels("a", "b"), scores(0.25f, 0.25f));
        start(candidate, shadow, "mean_difference > 0.2");
        askAndPass(100, MINUTE);
        assertThat(decisions.getLast().reason())
                .isEqualTo("mean_difference > 0.2: 0.2500 on average over 200 rows that both answered");

        start(candidate, shadow, "mean_difference > 0.3");
        askAndPass(100, MINUTE);
        assertThat(decisions.getLast()).isInstanceOf(RolloutDecision.Finish.class);
    }

    @Test
    void answersWithoutACounterpart_differByMoreThanAnything() {
        start(
                TensorVersion.of(2, labels("a", "b"), scores(0.25f, Float.NaN)),
                new Canary(List.of(0.5, 1.0), Duration.ofDays(1)),
                "mean_difference > 1000");
        askAndPass(2000, MINUTE);
        assertThat(decisions.getLast().reason())
                .matches("mean_difference > 1000: \\d+ of \\d+ rows that both answered have nothing to compare with");
    }
}
