package dev.millwright.serving.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Predictions;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.PredictionSink;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.RouterOptions;
import dev.millwright.serving.ServingError;
import dev.millwright.serving.StepRuntime;
import dev.millwright.serving.VersionStatistics;
import dev.millwright.serving.WeightedVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RolloutControllerTest {
    private static final RolloutPlan PLAN = RolloutPlan.canary(
            List.of(0.05, 0.25, 1.0),
            Duration.ofMinutes(10),
            List.of(
                    RollBackRule.parse("error_rate > 1%"),
                    RollBackRule.parse("p99 > 50ms"),
                    RollBackRule.parse("output_psi > 0.25")));

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final List<RolloutDecision> decisions = new ArrayList<>();
    private final StepRuntime oldRuntime = StepRuntime.free(0.1f);
    private final StepRuntime newRuntime = StepRuntime.free(0.1f);
    private final Router router =
            new Router(RouterOptions.forCores(1, 3), PredictionSink.NONE, () -> now, () -> 0, Runnable::run);
    private final RolloutController controller =
            new RolloutController(router, decisions::add, OutcomeSource.NONE, () -> now);

    @BeforeEach
    void serveVersionOne() {
        router.install("churn", Route.of("churn", "m", 1, oldRuntime));
    }

    private static RolloutState state(int stage, Instant stageStarted) {
        return new RolloutState(
                "churn", "m", 1, 2, PLAN, stage, stageStarted, stageStarted, Optional.empty(), Map.of());
    }

    private static WeightedVersion version(int version, ModelRuntime runtime) {
        return new WeightedVersion("m", version, 1, runtime);
    }

    /** A minute of traffic to both, in which every request takes {@code nanos}. */
    private void minute(int requests, int candidateErrors, long nanos, float candidateScore) {
        VersionStatistics champion = router.findStatistics("churn", 1).orElseThrow();
        VersionStatistics candidate = router.findStatistics("churn", 2).orElseThrow();
        for (int i = 0; i < requests; i++) {
            champion.recordSuccess(answer(0.1f + (i % 10) * 0.01f), 1_000_000);
            if (i < candidateErrors) {
                candidate.recordFailure(VersionStatistics.Outcome.ERROR, nanos);
            } else {
                candidate.recordSuccess(answer(candidateScore + (i % 10) * 0.01f), nanos);
            }
        }
        now = now.plusSeconds(60);
        controller.tick(now);
    }

    private static Predictions answer(float score) {
        return new Predictions.Classes(List.of("no", "yes"), new float[] {1 - score, score}, new int[] {0});
    }

    private double share(int version) {
        return router.find("churn").orElseThrow().versions().stream()
                .filter(candidate -> candidate.version() == version)
                .mapToDouble(WeightedVersion::weight)
                .findFirst()
                .orElse(0);
    }

    @Test
    void advancesStageByStage_andFinishes() {
        controller.start("churn", PLAN, version(2, newRuntime), List.of());
        assertThat(share(2)).isEqualTo(0.05);
        for (int minute = 0; minute < 9; minute++) {
            minute(20, 0, 1_000_000, 0.1f);
            assertThat(share(2)).isEqualTo(0.05);
        }
        minute(20, 0, 1_000_000, 0.1f);
        assertThat(share(2)).isEqualTo(0.25);
        for (int minute = 0; minute < 10; minute++) {
            minute(20, 0, 1_000_000, 0.1f);
        }
        assertThat(share(2)).isEqualTo(1);
        assertThat(oldRuntime.closed.getCount()).isEqualTo(1);
        for (int minute = 0; minute < 10; minute++) {
            minute(20, 0, 1_000_000, 0.1f);
        }
        assertThat(controller.active()).isEmpty();
        assertThat(oldRuntime.closed.getCount()).isZero();
        assertThat(decisions)
                .extracting(decision -> decision.getClass().getSimpleName())
                .containsExactly("Start", "Advance", "Advance", "Finish");
        assertThat(decisions.get(1).reason()).isEqualTo("200 requests at 5 % without a reason to turn back");
        assertThat(decisions.getLast().time()).isEqualTo(Instant.parse("2026-01-01T00:30:00Z"));
    }

    @Test
    void rollsBackOnErrors() {
        controller.start("churn", PLAN, version(2, newRuntime), List.of());
        minute(90, 0, 1_000_000, 0.1f);
        minute(90, 3, 1_000_000, 0.1f);
        assertRolledBack("error_rate > 1%: 3 of 180 requests failed");
    }

    @Test
    void rollsBackEarly_whenErrorsAreBeyondDoubt() {
        controller.start("churn", PLAN, version(2, newRuntime), List.of());
        minute(6, 1, 1_000_000, 0.1f);
        assertThat(controller.active()).hasSize(1);
        minute(6, 5, 1_000_000, 0.1f);
        assertRolledBack("error_rate > 1%: 6 of 12 requests failed");
    }

    @Test
    void rollsBackOnLatency() {
        controller.start("churn", PLAN, version(2, newRuntime), List.of());
        minute(120, 0, 80_000_000, 0.1f);
        assertThat(decisions.getLast().reason()).startsWith("p99 > 50ms: 8").endsWith(" ms over 120 requests");
        assertThat(share(1)).isEqualTo(1);
    }

    @Test
    void rollsBackOnOtherAnswers() {
        controller.start("churn", PLAN, version(2, newRuntime), List.of());
        minute(120, 0, 1_000_000, 0.4f);
        assertThat(decisions.getLast().reason()).startsWith("output_psi > 0.25: PSI ");
        assertThat(share(1)).isEqualTo(1);
    }

    private void assertRolledBack(String reason) {
        assertThat(decisions.getLast()).isInstanceOfSatisfying(RolloutDecision.RollBack.class, back -> {
            assertThat(List.of(back.from(), back.to())).containsExactly(2, 1);
            assertThat(back.time()).isEqualTo(now);
            assertThat(back.reason()).isEqualTo(reason);
            assertThat(back.figures().versions())
                    .extracting(RolloutFigures.VersionCounts::version)
                    .containsExactly(2, 1);
        });
        assertThat(controller.active()).isEmpty();
        assertThat(share(1)).isEqualTo(1);
        assertThat(newRuntime.closed.getCount()).isZero();
        assertThat(oldRuntime.closed.getCount()).isEqualTo(1);
    }

    @Test
    void forgetsWhatIsOlderThanTheWindow() {
        RolloutPlan plan = new RolloutPlan(
                new Canary(List.of(0.5, 1.0), Duration.ofMinutes(10), Duration.ofHours(9)),
                List.of(RollBackRule.parse("p99 > 50ms")),
                new QualityScore.Brier(),
                0.05,
                1000);
        controller.start("churn", plan, version(2, newRuntime), List.of());
        minute(400, 0, 80_000_000, 0.1f);
        for (int minute = 0; minute < 12; minute++) {
            minute(10, 0, 1_000_000, 0.1f);
        }
        for (int minute = 0; minute < 3; minute++) {
            minute(480, 0, 1_000_000, 0.1f);
        }
        assertThat(decisions.getLast()).isInstanceOf(RolloutDecision.Advance.class);
    }

    @Test
    void waitsForEvidence_butNotForEver() {
        controller.start("churn", PLAN, version(2, newRuntime), List.of());
        for (int minute = 0; minute < 99; minute++) {
            minute(0, 0, 0, 0);
        }
        assertThat(controller.find("churn").orElseThrow().stage()).isZero();
        minute(3, 0, 1_000_000, 0.1f);
        assertThat(controller.find("churn").orElseThrow().stage()).isEqualTo(1);
        assertThat(decisions.getLast().reason()).isEqualTo("only 3 requests at 5 % in 1h 40m");
    }

    @Test
    void servesAtOnce_whereNothingServed() {
        controller.start("new", PLAN, version(1, StepRuntime.free(0.1f)), List.of());
        assertThat(decisions).singleElement().isInstanceOf(RolloutDecision.Finish.class);
        assertThat(router.find("new")).isPresent();
    }

    @Test
    void goesOnAfterARestart_fromItsStage() {
        RolloutState state = state(1, now.minusSeconds(300));
        controller.restore(state, List.of(version(1, oldRuntime), version(2, newRuntime)));
        assertThat(decisions).isEmpty();
        assertThat(share(2)).isEqualTo(0.25);
        for (int minute = 0; minute < 5; minute++) {
            minute(30, 0, 1_000_000, 0.1f);
        }
        assertThat(share(2)).isEqualTo(1);
    }

    @Test
    void changesNothing_whenTheDecisionCannotBeStored() {
        RolloutController failing = new RolloutController(
                router,
                decision -> {
                    throw new IllegalStateException("disk full");
                },
                OutcomeSource.NONE,
                () -> now);
        assertThatThrownBy(() -> failing.start("churn", PLAN, version(2, newRuntime), List.of()))
                .hasMessage("disk full");
        assertThat(share(1)).isEqualTo(1);
        assertThat(failing.active()).isEmpty();
        RolloutState state = state(0, now);
        failing.restore(state, List.of(version(1, oldRuntime), version(2, newRuntime)));
        now = now.plus(Duration.ofHours(5));
        assertThatThrownBy(() -> failing.tick(now)).hasMessage("disk full");
        assertThat(failing.active()).containsExactly(state);
        assertThat(share(2)).isEqualTo(0.05);
    }

    @Test
    void isTakenBackByHand_duringAndAfter() {
        controller.start("churn", PLAN, version(2, newRuntime), List.of());
        assertThatThrownBy(() -> controller.start("churn", PLAN, version(3, StepRuntime.free(0.1f)), List.of()))
                .isInstanceOfSatisfying(
                        MillwrightException.class, e -> assertThat(e.code()).isEqualTo(ServingError.ROLLOUT_RUNNING));
        controller.stop("churn", "asked by ana");
        assertRolledBack("asked by ana");
        assertThatThrownBy(() -> controller.stop("churn", "again"))
                .isInstanceOfSatisfying(
                        MillwrightException.class, e -> assertThat(e.code()).isEqualTo(ServingError.ROLLOUT_NOT_FOUND));
        controller.rollBack("churn", version(7, StepRuntime.free(0.3f)), "the one from May");
        assertThat(decisions.getLast())
                .isEqualTo(
                        new RolloutDecision.RollBack("churn", "m", 1, 7, now, "the one from May", RolloutFigures.NONE));
        assertThat(router.find("churn").orElseThrow().versions().getFirst().version())
                .isEqualTo(7);
    }

    @Test
    void readsRulesAsPipelineFilesSayThem() {
        assertThat(RollBackRule.parse("error_rate > 1 %")).isEqualTo(new RollBackRule.ErrorRate(0.01));
        assertThat(RollBackRule.parse("p99.9>1.5s"))
                .isEqualTo(new RollBackRule.Latency(0.999, Duration.ofMillis(1500)));
        assertThat(PLAN.rollBackIf())
                .extracting(RollBackRule::label)
                .containsExactly("error_rate > 1%", "p99 > 50ms", "output_psi > 0.25");
        assertThatThrownBy(() -> RollBackRule.parse("eror_rate > 1%"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Did you mean 'error_rate'?");
        assertThatThrownBy(() -> RollBackRule.parse("p99 > 50")).hasMessageContaining("unit: ''");
        assertThatThrownBy(() -> RollBackRule.parse("p99")).hasMessageContaining("(expected: error_rate > 1%");
    }

    @Test
    void rejectsPlansThatMakeNoSense() {
        assertThatThrownBy(() -> RolloutPlan.canary(List.of(0.5, 0.2, 1.0), Duration.ofMinutes(1), List.of()))
                .hasMessageContaining("canary: [0.5, 0.2, 1.0] (expected: growing shares");
        assertThatThrownBy(() -> RolloutPlan.canary(List.of(0.5), Duration.ofMinutes(1), List.of()))
                .hasMessageContaining("(expected: 100% at last)");
        assertThat(RolloutPlan.immediate().isImmediate()).isTrue();
    }

    @Test
    void keepsModelsReady_untilTheRolloutIsOver() {
        BlueGreen strategy = new BlueGreen(Duration.ZERO, Duration.ofHours(1));
        controller.start("churn", RolloutPlan.of(strategy, List.of()), version(2, newRuntime), List.of());
        controller.keepReady();
        controller.keepReady();
        controller.stop("churn", "by hand");
        assertThat(newRuntime.closed.getCount()).isZero();
        assertThat(oldRuntime.closed.getCount()).isEqualTo(1);
    }
}
