package dev.millwright.serving;

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
import dev.millwright.serving.VersionStatistics.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whose doing it is that a request has no answer. */
class FailureCountsTest {
    private static final ModelSignature NEEDS_MORE = new ModelSignature(
            Task.REGRESSION,
            List.of(new Input("amount", InputType.NUMBER), new Input("income", InputType.NUMBER)),
            List.of(),
            0);

    private final List<Runnable> postponed = new ArrayList<>();
    private final Router router = new Router(
            RouterOptions.forCores(1, 1), PredictionSink.NONE, () -> Instant.EPOCH, System::nanoTime, Runnable::run);

    private static WeightedVersion champion() {
        return new WeightedVersion("m", 1, 0.5, StepRuntime.free(0.1f));
    }

    private static WeightedVersion needingMore(int version) {
        return new WeightedVersion(
                "m", version, 0.5, new FixedRuntime(NEEDS_MORE, new Predictions.Values(new float[] {1})));
    }

    private void install(Optional<WeightedVersion> shadow, WeightedVersion... versions) {
        router.install("churn", new Route("churn", List.of(versions), shadow));
    }

    private static Frame onlyAmount() {
        return new Frame(1, List.of(new FeatureColumn.Numeric("amount", new float[] {1})));
    }

    private void ask(Router asked, int version, Deadline deadline, Frame rows) {
        CallTarget target = new CallTarget(
                "churn", Optional.of(Integer.toString(version)), Optional.empty(), deadline, Patience.WAITS);
        asked.infer(new InferenceCall(target, rows));
    }

    private void refuses(int version, Frame rows) {
        assertThatThrownBy(() -> ask(router, version, Deadline.NONE, rows)).isInstanceOf(InvalidInputException.class);
    }

    private static StatisticsSnapshot counts(Router router, int version) {
        return router.findStatistics("churn", version).orElseThrow().snapshot();
    }

    private StatisticsSnapshot counts(int version) {
        return counts(router, version);
    }

    @Test
    void whatOnlyOneVersionRefuses_isItsError() {
        install(Optional.empty(), needingMore(2), champion());

        refuses(2, Models.row(1, 2, "x"));

        assertThat(counts(2).count(Outcome.INVALID)).isEqualTo(1);
        assertThat(counts(2).errors()).isEqualTo(1);
        assertThat(counts(2).errorRate()).isEqualTo(1);
        assertThat(counts(1).timed())
                .as("requests of the version that was asked beside")
                .isZero();
    }

    @Test
    void whatBothVersionsRefuse_isTheCallersMistake() {
        install(Optional.empty(), needingMore(2), champion());

        refuses(2, onlyAmount());
        refuses(1, onlyAmount());

        assertThat(counts(2).count(Outcome.INVALID)).isEqualTo(1);
        assertThat(counts(2).requests()).isZero();
        assertThat(counts(1).requests()).isZero();
    }

    @Test
    void whatAShadowRefuses_isItsError_asItWasAnswered() {
        install(Optional.of(needingMore(2)), champion());

        ask(router, 1, Deadline.NONE, Models.row(1, 2, "x"));

        assertThat(counts(2).errors()).isEqualTo(1);
        assertThat(counts(1).failures()).isZero();
    }

    @Test
    void whatWaitsToBeComparedIsBounded() {
        RouterOptions one = new RouterOptions(1, 64, 100, 1, 1);
        Router patient = new Router(one, PredictionSink.NONE, () -> Instant.EPOCH, System::nanoTime, postponed::add);
        patient.install("churn", new Route("churn", List.of(needingMore(2), champion()), Optional.empty()));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> ask(patient, 2, Deadline.NONE, Models.row(1, 2, "x")))
                    .isInstanceOf(InvalidInputException.class);
        }

        assertThat(postponed).hasSize(1);
        postponed.forEach(Runnable::run);

        assertThat(counts(patient, 2).errors()).isEqualTo(1);
        assertThat(counts(patient, 2).count(Outcome.INVALID)).isEqualTo(3);
    }

    private void runsOutOfTime(Router asked, Deadline deadline) {
        assertThatThrownBy(() -> ask(asked, 1, deadline, Models.row(1, 2, "x")))
                .isInstanceOfSatisfying(
                        MillwrightException.class, e -> assertThat(e.code()).isEqualTo(ServingError.DEADLINE_PASSED));
    }

    @Test
    void whoeverGivesNoTime_cannotHoldItAgainstAVersion() {
        install(Optional.empty(), champion());

        runsOutOfTime(router, new Deadline(System.nanoTime() - 1));

        assertThat(counts(1).count(Outcome.LATE)).isEqualTo(1);
        assertThat(counts(1).requests()).isZero();
        assertThat(counts(1).timed()).isEqualTo(1);
    }

    @Test
    void whoeverGivesTime_andGetsNoTurn_isCountedAsOverload() {
        // By this clock five seconds pass before the answer is due, of which the caller gave nearly as many.
        long[] now = {0};
        Router slow = new Router(
                RouterOptions.forCores(1, 1),
                PredictionSink.NONE,
                () -> Instant.EPOCH,
                () -> now[0] += Duration.ofSeconds(5).toNanos(),
                Runnable::run);
        slow.install("churn", Route.of("churn", champion()));

        runsOutOfTime(slow, new Deadline(System.nanoTime() - 1));

        assertThat(counts(slow, 1).count(Outcome.OVERLOADED)).isEqualTo(1);
        assertThat(counts(slow, 1).failures()).isEqualTo(1);
    }
}
