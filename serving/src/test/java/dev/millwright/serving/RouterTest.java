package dev.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Predictions;
import dev.millwright.serving.protocol.Tensor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RouterTest {
    private final ConcurrentLinkedQueue<PredictionEvent> events = new ConcurrentLinkedQueue<>();
    private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutorService clients = Executors.newCachedThreadPool();

    private Router router(int lanes, int queuedRows) {
        return new Router(
                new RouterOptions(lanes, 64, queuedRows, 16, 42),
                events::add,
                () -> Instant.parse("2026-01-02T03:04:05Z"),
                System::nanoTime,
                background);
    }

    @AfterEach
    void stop() {
        clients.shutdownNow();
        background.shutdownNow();
    }

    private static InferenceResult infer(Router router, Optional<String> client) {
        return router.infer("churn", Optional.empty(), client, Models.row(1, 2, "x"));
    }

    @Test
    void answersAndTellsTheSink() {
        Router router = router(2, 100);
        router.install("churn", Route.of("churn", "m", 1, Models.open("binary", Models.BINARY)));
        InferenceResult result =
                router.infer("churn", Optional.empty(), Optional.of("mine"), Models.row(20, 50, "Auckland"));
        assertThat(result.modelVersion()).isEqualTo(1);
        assertThat(result.predictions().rows()).isEqualTo(1);
        assertThat(result.predictionId(0)).isEqualTo(result.predictionId() + "-0");
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.predictionId()).isEqualTo(result.predictionId());
            assertThat(event.clientId()).contains("mine");
            assertThat(event.role()).isEqualTo(PredictionEvent.Role.SERVED);
        });
        router.close();
    }

    @Test
    void rejectsUnknownEndpointAndVersion() {
        Router router = router(1, 100);
        router.install("churn", Route.of("churn", "m", 1, StepRuntime.free(0.2f)));
        assertThatThrownBy(() -> router.infer("chrun", Optional.empty(), Optional.empty(), Models.row(1, 2, "x")))
                .isInstanceOfSatisfying(
                        MillwrightException.class, e -> assertThat(e.code()).isEqualTo(ServingError.ENDPOINT_NOT_FOUND))
                .hasMessageContaining("Did you mean 'churn'?");
        assertThatThrownBy(() -> router.infer("churn", Optional.of("2"), Optional.empty(), Models.row(1, 2, "x")))
                .isInstanceOfSatisfying(
                        MillwrightException.class, e -> assertThat(e.code()).isEqualTo(ServingError.VERSION_NOT_FOUND))
                .hasMessage("version: 2 (expected: one that serves on churn: 1)");
    }

    @Test
    void splitsTrafficByWeight_andKeepsAClientOnItsVersion() {
        Router router = router(1, 100);
        WeightedVersion canary = new WeightedVersion("m", 2, 0.25, StepRuntime.free(0.9f));
        WeightedVersion champion = new WeightedVersion("m", 1, 0.75, StepRuntime.free(0.1f));
        router.install("churn", new Route("churn", List.of(canary, champion), Optional.empty()));
        int drawn = 0;
        List<String> inCanary = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            drawn += infer(router, Optional.empty()).modelVersion() == 2 ? 1 : 0;
            if (infer(router, Optional.of("client-" + i)).modelVersion() == 2) {
                inCanary.add("client-" + i);
            }
        }
        assertThat(drawn).isBetween(900, 1100);
        assertThat(inCanary).hasSizeBetween(900, 1100);
        router.install(
                "churn",
                new Route("churn", List.of(canary.withWeight(0.5), champion.withWeight(0.5)), Optional.empty()));
        assertThat(inCanary)
                .allMatch(client -> infer(router, Optional.of(client)).modelVersion() == 2);
        assertThat(router.findStatistics("churn", 2).orElseThrow().snapshot().requests())
                .isGreaterThan(2000);
    }

    @Test
    void swapsUnderLoad_losesNoRequest_andClosesEachRuntimeAfterItsLastRequest()
            throws InterruptedException, ExecutionException {
        Router router = router(2, 10_000);
        List<StepRuntime> runtimes = new ArrayList<>();
        runtimes.add(StepRuntime.free(0.5f));
        router.install("churn", Route.of("churn", "m", 1, runtimes.getFirst()));
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch warm = new CountDownLatch(400);
        List<Future<Long>> loads = new ArrayList<>();
        for (int c = 0; c < 4; c++) {
            loads.add(clients.submit(() -> {
                long answered = 0;
                while (!stop.get()) {
                    infer(router, Optional.empty());
                    answered++;
                    warm.countDown();
                }
                return answered;
            }));
        }
        warm.await();
        for (int version = 2; version <= 200; version++) {
            StepRuntime next = StepRuntime.free(0.5f);
            runtimes.add(next);
            router.install("churn", Route.of("churn", "m", version, next));
        }
        stop.set(true);
        long answered = 0;
        for (Future<Long> load : loads) {
            answered += load.get();
        }
        assertThat(answered).isEqualTo(events.size()).isGreaterThanOrEqualTo(400);
        for (StepRuntime runtime : runtimes.subList(0, 199)) {
            assertThat(runtime.closed.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(runtimes.getLast().closed.getCount()).isEqualTo(1);
        router.close();
        assertThat(runtimes.getLast().closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void finishesARequestOnTheVersionOnWhichItStarted() throws InterruptedException, ExecutionException {
        Router router = router(1, 100);
        StepRuntime old = new StepRuntime(0.1f, 0);
        router.install("churn", Route.of("churn", "m", 1, old));
        Future<InferenceResult> request = clients.submit(() -> infer(router, Optional.empty()));
        old.started.acquire();
        router.install("churn", Route.of("churn", "m", 2, StepRuntime.free(0.9f)));
        assertThat(infer(router, Optional.empty()).modelVersion()).isEqualTo(2);
        assertThat(old.closed.getCount()).isEqualTo(1);
        old.permits.release();
        assertThat(request.get().modelVersion()).isEqualTo(1);
        assertThat(old.closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void keepsARuntimeOpen_thatTheNextRouteAlsoHolds() {
        Router router = router(1, 100);
        StepRuntime runtime = StepRuntime.free(0.1f);
        router.install("churn", Route.of("churn", "m", 1, runtime));
        router.install("churn", Route.of("churn", "m", 1, runtime));
        router.install("other", Route.of("other", "m", 1, runtime));
        assertThat(router.uninstall("churn")).isTrue();
        assertThat(router.infer("other", Optional.empty(), Optional.empty(), Models.row(1, 2, "x"))
                        .modelVersion())
                .isEqualTo(1);
        assertThat(router.list()).extracting(Route::endpoint).containsExactly("other");
    }

    @Test
    void batchesWhatArrivedWhileTheLastBatchRan_andRefusesWhatDoesNotFitTheQueue()
            throws InterruptedException, ExecutionException {
        Router router = router(1, 10);
        StepRuntime runtime = new StepRuntime(0.9f, 0);
        router.install("churn", Route.of("churn", "m", 1, runtime));
        Future<InferenceResult> first = clients.submit(() -> infer(router, Optional.empty()));
        runtime.started.acquire();
        List<Future<InferenceResult>> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waiting.add(clients.submit(() -> infer(router, Optional.empty())));
        }
        while (router.metrics().versions().getFirst().queuedRows() < 10) {
            Thread.onSpinWait();
        }
        assertThatThrownBy(() -> infer(router, Optional.empty()))
                .isInstanceOfSatisfying(
                        MillwrightException.class, e -> assertThat(e.code()).isEqualTo(ServingError.OVERLOADED))
                .hasMessageContaining("queue: 10 rows wait (expected: at most 10)");
        runtime.permits.release(100);
        assertThat(first.get().predictions().rows()).isEqualTo(1);
        for (Future<InferenceResult> request : waiting) {
            Predictions.Classes answer = (Predictions.Classes) request.get().predictions();
            assertThat(answer.labels()).containsExactly(1);
        }
        assertThat(runtime.batches).containsExactly(1, 10);
        assertThat(router.findStatistics("churn", 1)
                        .orElseThrow()
                        .snapshot()
                        .count(VersionStatistics.Outcome.OVERLOADED))
                .isEqualTo(1);
    }

    @Test
    void failsOnlyTheRequestWithTheBadRow_inABatch() throws InterruptedException, ExecutionException {
        Router router = router(1, 100);
        StepRuntime runtime = new StepRuntime(0.9f, 0);
        router.install("churn", Route.of("churn", "m", 1, runtime));
        Future<InferenceResult> first = clients.submit(() -> infer(router, Optional.empty()));
        runtime.started.acquire();
        Future<InferenceResult> bad = clients.submit(
                () -> router.infer("churn", Optional.empty(), Optional.empty(), Models.row(1, 2, "bad")));
        Future<InferenceResult> good = clients.submit(() -> infer(router, Optional.empty()));
        while (router.metrics().versions().getFirst().queuedRows() < 2) {
            Thread.onSpinWait();
        }
        runtime.permits.release(100);
        assertThat(first.get().predictions().rows()).isEqualTo(1);
        assertThat(good.get().predictions().rows()).isEqualTo(1);
        assertThatThrownBy(bad::get).hasRootCauseMessage("bad city");
        StatisticsSnapshot counts =
                router.findStatistics("churn", 1).orElseThrow().snapshot();
        assertThat(counts.count(VersionStatistics.Outcome.ERROR)).isEqualTo(1);
        assertThat(counts.count(VersionStatistics.Outcome.OK)).isEqualTo(2);
    }

    @Test
    void countsTheCallersMistakesApart() {
        Router router = router(1, 100);
        router.install("churn", Route.of("churn", "m", 1, StepRuntime.free(0.9f)));
        assertThatThrownBy(() -> router.infer(
                        "churn",
                        Optional.empty(),
                        Optional.empty(),
                        new dev.millwright.core.Frame(
                                1, List.of(new dev.millwright.core.FeatureColumn.Numeric("amount", new float[] {1})))))
                .isInstanceOf(InvalidInputException.class);
        StatisticsSnapshot counts =
                router.findStatistics("churn", 1).orElseThrow().snapshot();
        assertThat(counts.count(VersionStatistics.Outcome.INVALID)).isEqualTo(1);
        assertThat(counts.errorRate()).isZero();
    }

    @Test
    void mirrorsToTheShadow_withoutShowingItsAnswer() {
        Router router = new Router(
                RouterOptions.forCores(1, 1), events::add, () -> Instant.EPOCH, System::nanoTime, Runnable::run);
        StepRuntime shadow = StepRuntime.free(0.9f);
        router.install(
                "churn",
                new Route(
                        "churn",
                        List.of(new WeightedVersion("m", 1, 1, StepRuntime.free(0.1f))),
                        Optional.of(new WeightedVersion("m", 2, 0, shadow))));
        InferenceResult result = infer(router, Optional.empty());
        assertThat(result.modelVersion()).isEqualTo(1);
        assertThat(events)
                .extracting(PredictionEvent::role, PredictionEvent::version, PredictionEvent::predictionId)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(PredictionEvent.Role.SERVED, 1, result.predictionId()),
                        org.assertj.core.groups.Tuple.tuple(PredictionEvent.Role.SHADOW, 2, result.predictionId()));
    }

    @Test
    void mirrorsRequestsOfImpatientThreads_evenWhenTheShadowIsBusy() throws InterruptedException {
        Router router = router(1, 100);
        StepRuntime shadow = new StepRuntime(0.9f, 0);
        router.install(
                "churn",
                new Route(
                        "churn",
                        List.of(new WeightedVersion("m", 1, 1, StepRuntime.free(0.1f))),
                        Optional.of(new WeightedVersion("m", 2, 0, shadow))));
        Round round = new Round(Runnable::run);
        CallTarget impatient = new CallTarget("churn", Optional.empty(), Optional.empty(), Deadline.NONE, round);
        CompletableFuture<InferenceResult> first = router.ask(new InferenceCall(impatient, Models.row(1, 2, "x")));
        round.end();
        shadow.started.acquire();
        CompletableFuture<InferenceResult> second = router.ask(new InferenceCall(impatient, Models.row(1, 2, "x")));
        round.end();
        assertThat(first.join().modelVersion()).isEqualTo(1);
        assertThat(second.join().modelVersion()).isEqualTo(1);
        shadow.permits.release(10);
        while (events.size() < 4) {
            Thread.onSpinWait();
        }
        assertThat(events)
                .filteredOn(event -> event.role() == PredictionEvent.Role.SHADOW)
                .hasSize(2);
    }

    @Test
    void tellsAShadowElsewhere_theServersBefore_alsoWhenARoundAnswers() {
        Router router = router(1, 100);
        Elsewhere shadow = new Elsewhere(OptionalInt.of(1));
        router.install(
                "tensors",
                new Route(
                        "tensors",
                        List.of(new WeightedVersion("m", 1, 1, ModelSource.of(new Elsewhere(OptionalInt.empty())))),
                        Optional.of(new WeightedVersion("m", 2, 0, ModelSource.of(shadow)))));
        Round round = new Round(Runnable::run);
        CallTarget target = new CallTarget("tensors", Optional.empty(), Optional.empty(), Deadline.NONE, round);
        List<Tensor> sent = List.of(Tensor.of("x", new float[] {1}, 1));
        CompletableFuture<TensorResult> answer = Hops.after(2, () -> router.ask(new TensorCall(target, sent)));
        round.end();
        assertThat(answer.join().modelVersion()).isEqualTo(1);
        while (shadow.hops < 0) {
            Thread.onSpinWait();
        }
        assertThat(shadow.hops).isEqualTo(2);
    }

    @Test
    void writesPrometheusText() {
        Router router = router(1, 100);
        router.install("churn", Route.of("churn", "m", 1, StepRuntime.free(0.9f)));
        infer(router, Optional.empty());
        assertThat(PrometheusText.write(router.metrics()))
                .contains("# TYPE millwright_requests_total counter\n")
                .contains("millwright_requests_total{endpoint=\"churn\",model=\"m\",version=\"1\",outcome=\"ok\"} 1\n")
                .contains("millwright_request_duration_seconds_bucket{endpoint=\"churn\",model=\"m\",version=\"1\","
                        + "le=\"+Inf\"} 1\n")
                .contains("millwright_queued_rows{endpoint=\"churn\",model=\"m\",version=\"1\"} 0.0\n")
                .contains("millwright_prediction_log_dropped_total 0\n");
    }
}
