package dev.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Predictions;
import dev.millwright.serving.cache.CacheCounts;
import dev.millwright.serving.cache.CacheOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Endpoints that keep their answers. */
class RouterCacheTest {
    private static final Optional<CacheOptions> CACHE =
            Optional.of(new CacheOptions(100, Duration.ofMinutes(1), CacheOptions.DEFAULT_MEMORY));

    private final ConcurrentLinkedQueue<PredictionEvent> events = new ConcurrentLinkedQueue<>();
    private final Router router =
            new Router(RouterOptions.forCores(1, 1), events::add, () -> Instant.EPOCH, System::nanoTime, Runnable::run);
    private final StepRuntime first = StepRuntime.free(0.25f);
    private final StepRuntime second = StepRuntime.free(0.75f);
    private final WeightedVersion one = new WeightedVersion("m", 1, 1, first);
    private final WeightedVersion two = new WeightedVersion("m", 2, 1, second);

    private InferenceResult ask() {
        return router.infer("churn", Optional.empty(), Optional.empty(), Models.row(1, 2, "x"));
    }

    private CacheCounts.Snapshot counts(int version) {
        return router.findStatistics("churn", version).orElseThrow().cached().snapshot();
    }

    private static float probability(InferenceResult result) {
        return ((Predictions.Classes) result.predictions()).probability(0, 1);
    }

    @Test
    void asksTheModelOnce_andLogsEachRequest() {
        router.setCache("churn", CACHE);
        router.install("churn", Route.of("churn", one));
        InferenceResult asked = ask();
        InferenceResult kept = ask();
        assertThat(probability(kept)).isEqualTo(probability(asked));
        assertThat(kept.predictionId()).isNotEqualTo(asked.predictionId());
        assertThat(first.batches).hasSize(1);
        assertThat(events)
                .extracting(PredictionEvent::predictionId)
                .containsExactly(asked.predictionId(), kept.predictionId());
        assertThat(counts(1).hits()).isEqualTo(1);
        assertThat(counts(1).misses()).isEqualTo(1);
        StatisticsSnapshot statistics =
                router.findStatistics("churn", 1).orElseThrow().snapshot();
        assertThat(statistics.rows()).isEqualTo(2);
        assertThat(PrometheusText.write(router.metrics()))
                .contains(
                        "millwright_cache_lookups_total{endpoint=\"churn\",model=\"m\",version=\"1\",result=\"hit\"} 1");
    }

    @Test
    void neverGivesAnotherVersionsAnswer() {
        router.setCache("churn", CACHE);
        router.install("churn", Route.of("churn", one));
        assertThat(probability(ask())).isEqualTo(0.25f);
        router.install("churn", Route.of("churn", two));
        assertThat(probability(ask())).isEqualTo(0.75f);
        router.install("churn", Route.of("churn", new WeightedVersion("m", 1, 1, StepRuntime.free(0.5f))));
        assertThat(probability(ask())).as("another model under the same number").isEqualTo(0.5f);
    }

    @Test
    void keepsAnswers_whenSharesChange() {
        router.setCache("churn", CACHE);
        router.install("churn", Route.of("churn", one));
        ask();
        router.install("churn", new Route("churn", List.of(two.withWeight(0), one.withWeight(1)), Optional.empty()));
        ask();
        assertThat(first.batches).hasSize(1);
    }

    @Test
    void mirrorsToTheShadow_alsoWhatWasKept() {
        router.setCache("churn", CACHE);
        router.install("churn", new Route("churn", List.of(one), Optional.of(two)));
        ask();
        ask();
        assertThat(events).hasSize(4);
        assertThat(counts(2).hits()).isEqualTo(1);
        assertThat(router.findStatistics("churn", 2).orElseThrow().snapshot().rows())
                .isEqualTo(2);
    }

    @Test
    void keepsNothing_unlessItIsAskedTo() {
        router.install("churn", Route.of("churn", one));
        ask();
        ask();
        assertThat(first.batches).hasSize(2);
        router.setCache("churn", CACHE);
        ask();
        ask();
        assertThat(first.batches).hasSize(3);
        router.setCache("churn", Optional.empty());
        ask();
        assertThat(first.batches).hasSize(4);
        assertThat(counts(1))
                .isEqualTo(new CacheCounts.Snapshot(
                        1, counts(1).hitNanos(), 1, counts(1).missNanos()));
    }
}
