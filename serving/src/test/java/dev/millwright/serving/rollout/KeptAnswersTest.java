package dev.millwright.serving.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Predictions;
import dev.millwright.serving.CallTarget;
import dev.millwright.serving.InferenceCall;
import dev.millwright.serving.InferenceResult;
import dev.millwright.serving.Models;
import dev.millwright.serving.PredictionSink;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.RouterOptions;
import dev.millwright.serving.StepRuntime;
import dev.millwright.serving.WeightedVersion;
import dev.millwright.serving.cache.CacheOptions;
import dev.millwright.serving.routing.RequestCondition;
import dev.millwright.serving.routing.StickyKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An endpoint that keeps its answers, while a second version is let in by each strategy. */
class KeptAnswersTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final CacheOptions CACHE = new CacheOptions(1000, Duration.ofDays(1), CacheOptions.DEFAULT_MEMORY);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Router router = router();
    private RolloutController controller = controller();

    static List<Strategy> strategies() {
        return List.of(
                new Canary(List.of(0.5, 1.0), MINUTE),
                new BlueGreen(Duration.ZERO, Duration.ofHours(1)),
                new Shadow(MINUTE, 100, 1, new Shadow.Then.Continue(new Canary(List.of(0.5, 1.0), MINUTE))),
                new AbTest(0.5, StickyKey.CLIENT_ID, Optional.empty()),
                new Bandit(0.05, MINUTE, Optional.empty(), List.of()),
                new Conditions(
                        List.of(new Conditions.Rule(RequestCondition.parse("city = 'Bonn'"), Optional.empty()))));
    }

    private Router router() {
        Router fresh = new Router(RouterOptions.forCores(1, 3), PredictionSink.NONE, () -> now, () -> 0, Runnable::run);
        fresh.setCache("churn", Optional.of(CACHE));
        return fresh;
    }

    private RolloutController controller() {
        return new RolloutController(
                router,
                decision -> {},
                (endpoint, since, after) -> new OutcomeSource.Page(List.of(), after, 0),
                () -> now);
    }

    /** Says its own number, as a probability. */
    private static WeightedVersion version(int number) {
        return new WeightedVersion("m", number, 1, StepRuntime.free(number / 10f));
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void areThoseOfTheVersionThatIsChosen(Strategy strategy) {
        router.install("churn", Route.of("churn", version(1)));
        assertKept();
        controller.start("churn", RolloutPlan.of(strategy, List.of()), version(9), List.of());
        assertKept();
        now = now.plus(MINUTE);
        controller.tick(now);
        assertKept();
        restart();
        assertKept();
        controller.promote("churn", "by ana");
        assertKept();
        assertThat(router.findStatistics("churn", 9)
                        .orElseThrow()
                        .cached()
                        .snapshot()
                        .hits())
                .isPositive();
    }

    private void restart() {
        RolloutState state = controller.find("churn").orElseThrow();
        router = router();
        controller = controller();
        controller.restore(
                state, state.versions().stream().map(KeptAnswersTest::version).toList());
    }

    private void assertKept() {
        for (int client = 0; client < 100; client++) {
            CallTarget target = new CallTarget("churn", Optional.empty(), Optional.of("client-" + client));
            for (String city : List.of("Bonn", "Rome")) {
                InferenceResult result = router.infer(new InferenceCall(target, Models.row(1, 2, city)));
                assertThat(((Predictions.Classes) result.predictions()).probability(0, 1))
                        .isEqualTo(result.modelVersion() / 10f);
            }
        }
    }
}
