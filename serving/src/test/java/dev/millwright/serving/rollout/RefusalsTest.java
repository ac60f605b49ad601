package dev.millwright.serving.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import dev.millwright.serving.CallTarget;
import dev.millwright.serving.Deadline;
import dev.millwright.serving.InferenceCall;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.Models;
import dev.millwright.serving.Patience;
import dev.millwright.serving.PredictionSink;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.RouterOptions;
import dev.millwright.serving.StepRuntime;
import dev.millwright.serving.VersionStatistics;
import dev.millwright.serving.VersionStatistics.Outcome;
import dev.millwright.serving.WeightedVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What requests without an answer do to a rollout: some are the candidate's doing, some the callers', some that of the load. */
class RefusalsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final List<RollBackRule> RULES = List.of(RollBackRule.parse("error_rate > 1%"));

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final List<RolloutDecision> decisions = new ArrayList<>();
    private final Router router =
            new Router(RouterOptions.forCores(1, 3), PredictionSink.NONE, () -> now, () -> 0, Runnable::run);
    private final RolloutController controller =
            new RolloutController(router, decisions::add, OutcomeSource.NONE, () -> now);

    /** A model that wants a column which nobody sends. */
    private record WantsIncome() implements ModelRuntime {
        @Override
        public ModelSignature signature() {
            List<Input> inputs = new ArrayList<>(Models.BINARY.inputs());
            inputs.add(new Input("income", InputType.NUMBER));
            return new ModelSignature(Task.BINARY, inputs, List.of("no", "yes"), 0.5);
        }

        @Override
        public Predictions predict(Frame rows) {
            throw new IllegalStateException("nobody sends an income");
        }

        @Override
        public void close() {}
    }

    static List<Strategy> strategies() {
        return List.of(
                new Canary(List.of(0.5, 1.0), MINUTE),
                new BlueGreen(Duration.ZERO, MINUTE),
                new Shadow(MINUTE, 10, 1, new Shadow.Then.Promote()));
    }

    @BeforeEach
    void serveVersionOne() {
        router.install("churn", Route.of("churn", "m", 1, StepRuntime.free(0.1f)));
    }

    private void start(Strategy strategy, List<RollBackRule> rules, ModelRuntime candidate) {
        controller.start(
                "churn", RolloutPlan.of(strategy, rules), new WeightedVersion("m", 2, 1, candidate), List.of());
    }

    private void pass(Duration duration) {
        now = now.plus(duration);
        controller.tick(now);
    }

    private static CallTarget target(int client, Deadline deadline) {
        return new CallTarget("churn", Optional.empty(), Optional.of("client-" + client), deadline, Patience.WAITS);
    }

    /** Forty clients ask what is right; how many were answered. */
    private int ask() {
        int answered = 0;
        for (int client = 0; client < 40; client++) {
            try {
                router.infer(new InferenceCall(target(client, Deadline.NONE), Models.row(1, 2, "x")));
                answered++;
            } catch (InvalidInputException refused) {
                assertThat(refused).hasMessageContaining("income");
            }
        }
        return answered;
    }

    /** Forty clients ask what no version takes. */
    private void askWrongly() {
        Frame wrong = new Frame(1, List.of(new FeatureColumn.Numeric("amount", new float[] {1})));
        for (int client = 0; client < 40; client++) {
            CallTarget target = target(client, Deadline.NONE);
            assertThatThrownBy(() -> router.infer(new InferenceCall(target, wrong)))
                    .isInstanceOf(InvalidInputException.class);
        }
    }

    private RolloutDecision last() {
        return decisions.getLast();
    }

    private VersionStatistics statistics(int version) {
        return router.findStatistics("churn", version).orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void aCandidateThatRefusesWhatTheChampionTakes_isTurnedBack(Strategy strategy) {
        start(strategy, RULES, new WantsIncome());
        ask();

        pass(Duration.ofSeconds(10));

        assertThat(last()).isInstanceOf(RolloutDecision.RollBack.class);
        assertThat(last().reason()).matches("error_rate > 1%: (\\d+) of \\1 requests failed");
        assertThat(ask()).isEqualTo(40);
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void aCandidateThatNeverAnswers_isNotLetInFurther_alsoWithoutARule(Strategy strategy) {
        start(strategy, List.of(), new WantsIncome());
        ask();

        pass(Duration.ofDays(1));

        assertThat(decisions).hasSize(1);
        assertThat(controller.find("churn").orElseThrow().stage()).isEqualTo(strategy instanceof BlueGreen ? 1 : 0);
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void requestsThatAreWrongForEveryVersion_doNotTurnBackAGoodCandidate(Strategy strategy) {
        start(strategy, RULES, StepRuntime.free(0.1f));
        for (int second = 0; second < 50; second++) {
            askWrongly();
            pass(Duration.ofSeconds(1));
        }
        for (int minute = 0; minute < 30 && !controller.active().isEmpty(); minute++) {
            ask();
            askWrongly();
            pass(MINUTE);
        }
        assertThat(last()).isInstanceOf(RolloutDecision.Finish.class);
    }

    @Test
    void aCallerWhoGivesNoTime_turnsNothingBack() {
        start(new Canary(List.of(0.5, 1.0), MINUTE), RULES, StepRuntime.free(0.1f));
        ask();
        for (int i = 0; i < 200; i++) {
            // The same client, who is always sent to the candidate.
            CallTarget target = new CallTarget(
                    "churn",
                    Optional.of("2"),
                    Optional.of("mallory"),
                    new Deadline(System.nanoTime() - 1),
                    Patience.WAITS);
            assertThatThrownBy(() -> router.infer(new InferenceCall(target, Models.row(1, 2, "x"))))
                    .isInstanceOf(MillwrightException.class)
                    .hasMessageStartingWith("deadline: passed");
        }

        pass(MINUTE);

        assertThat(decisions).hasSize(1);
        assertThat(statistics(2).snapshot().count(Outcome.LATE)).isEqualTo(200);
    }

    /** So many requests of a version, of which so many were refused for overload. */
    private void load(int version, int requests, int refused) {
        Predictions answer = new Predictions.Classes(List.of("no", "yes"), new float[] {0.9f, 0.1f}, new int[] {0});
        for (int i = 0; i < requests; i++) {
            if (i < refused) {
                statistics(version).recordFailure(Outcome.OVERLOADED, 1_000);
            } else {
                statistics(version).recordSuccess(answer, 1_000_000);
            }
        }
    }

    @Test
    void overloadOfTheWholeServer_turnsNothingBack() {
        start(new Canary(List.of(0.5, 1.0), MINUTE), RULES, StepRuntime.free(0.1f));
        load(1, 1000, 300);
        load(2, 1000, 310);

        pass(MINUTE);

        assertThat(last()).isInstanceOf(RolloutDecision.Advance.class);
    }

    @Test
    void overloadOfTheCandidateAlone_turnsItBack() {
        start(new Canary(List.of(0.5, 1.0), MINUTE), RULES, StepRuntime.free(0.1f));
        load(1, 1000, 4);
        load(2, 1000, 300);

        pass(Duration.ofSeconds(10));

        assertThat(last()).isInstanceOf(RolloutDecision.RollBack.class);
        assertThat(last().reason())
                .isEqualTo("error_rate > 1%: 300 of 1000 requests were refused for overload and 0 failed; of the"
                        + " champion's, 4 of 1000 were refused");
    }

    @Test
    void errorsAreNotForgiven_becauseTheServerIsLoaded() {
        start(new Canary(List.of(0.5, 1.0), MINUTE), RULES, StepRuntime.free(0.1f));
        load(1, 1000, 300);
        load(2, 950, 300);
        for (int i = 0; i < 50; i++) {
            statistics(2).recordFailure(Outcome.ERROR, 1_000);
        }

        pass(Duration.ofSeconds(10));

        assertThat(last().reason()).isEqualTo("error_rate > 1%: 50 of 700 requests failed");
    }

    @Test
    void whereTheChampionAnswersNoLonger_itsLoadBeforeIsComparedWith() {
        load(1, 1000, 0);
        start(new BlueGreen(Duration.ZERO, MINUTE), RULES, StepRuntime.free(0.1f));
        load(2, 200, 60);

        pass(Duration.ofSeconds(10));

        assertThat(last()).isInstanceOf(RolloutDecision.RollBack.class);
        assertThat(last().reason()).contains("60 of 200 requests were refused for overload", "0 of 1000 were refused");
    }

    @Test
    void whereNothingIsKnownOfTheChampion_overloadIsNotHeldAgainstTheCandidate() {
        start(new BlueGreen(Duration.ZERO, MINUTE), RULES, StepRuntime.free(0.1f));
        load(2, 200, 60);

        pass(MINUTE);

        assertThat(last()).isInstanceOf(RolloutDecision.Finish.class);
    }
}
