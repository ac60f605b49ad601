package dev.millwright.serving;

import static dev.millwright.serving.CountedModel.SIZE;
import static dev.millwright.serving.CountedModel.ask;
import static dev.millwright.serving.CountedModel.install;
import static dev.millwright.serving.CountedModel.router;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Frame;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Models that are loaded when they are asked. */
class ModelPoolTest {
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        clients.shutdownNow();
    }

    @Test
    void loadsAModel_whenItIsAsked_once() throws ExecutionException, InterruptedException {
        Router router = router(Long.MAX_VALUE, 100, Duration.ZERO);
        CountedModel model = install(router, "a");
        assertThat(router.isLoaded("a", 1)).isFalse();
        List<Future<InferenceResult>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(clients.submit(() -> ask(router, "a")));
        }
        for (Future<InferenceResult> answer : answers) {
            assertThat(answer.get().modelVersion()).isEqualTo(1);
        }
        assertThat(model.loads).hasValue(1);
        assertThat(router.isLoaded("a", 1)).isTrue();
        assertThat(router.metrics().pool().bytes()).isGreaterThanOrEqualTo(SIZE);
        router.close();
        assertThat(model.newest().closed.getCount()).isZero();
    }

    @Test
    void loadsOnThreadsForThat_butForThoseWhoAskOnAPlatformThread() throws Exception {
        List<Runnable> given = new CopyOnWriteArrayList<>();
        ModelThreads threads = new ModelThreads(Runnable::run, load -> {
            given.add(load);
            load.run();
        });
        Router router = new Router(
                RouterOptions.forCores(1, 1),
                PredictionSink.NONE,
                () -> Instant.EPOCH,
                System::nanoTime,
                Runnable::run,
                threads);
        CountedModel first = install(router, "first");
        CountedModel second = install(router, "second");
        assertThat(clients.submit(() -> ask(router, "first")).get().modelVersion())
                .isEqualTo(1);
        assertThat(given).hasSize(1);
        assertThat(ask(router, "second").modelVersion()).isEqualTo(1);
        assertThat(given).hasSize(1);
        assertThat(List.of(first.loads.get(), second.loads.get())).containsOnly(1);
        router.close();
    }

    /** Answers only after it was warmed up. */
    private static final class Cold implements ModelRuntime {
        private final StepRuntime model = StepRuntime.free(0.5f);
        private volatile boolean warm;

        @Override
        public ModelSignature signature() {
            return model.signature();
        }

        @Override
        public void warmUp() {
            warm = true;
        }

        @Override
        public Predictions predict(Frame rows) {
            if (!warm) {
                throw new IllegalStateException("cold");
            }
            return model.predict(rows);
        }

        @Override
        public void close() {
            model.close();
        }
    }

    @Test
    void warmsAModelUp_beforeItAnswers_eachTimeItIsLoaded() {
        Router router = router(SIZE, 10, Duration.ZERO);
        List<Cold> loaded = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            ModelSource source = new StoredModel(name, SIZE, () -> {
                Cold model = new Cold();
                loaded.add(model);
                return model;
            });
            router.install(name, Route.of(name, new WeightedVersion(name, 1, 1, source)));
        }
        for (String name : List.of("a", "b", "a")) {
            assertThat(ask(router, name).modelVersion()).isEqualTo(1);
        }
        assertThat(loaded).hasSize(3).allMatch(model -> model.warm);
    }

    @Test
    void refusesRequests_whenTooManyWaitForALoad() throws InterruptedException, ExecutionException {
        Router router = router(Long.MAX_VALUE, 2, Duration.ZERO);
        CountedModel slow = install(router, "slow");
        slow.permits.drainPermits();
        Future<InferenceResult> first = clients.submit(() -> ask(router, "slow"));
        slow.loading.await();
        CountDownLatch asked = new CountDownLatch(1);
        Future<InferenceResult> second = clients.submit(() -> {
            asked.countDown();
            return ask(router, "slow");
        });
        asked.await();
        // The second may not wait yet: then this one takes its place, and the second is refused.
        Future<InferenceResult> third = clients.submit(() -> ask(router, "slow"));
        Future<InferenceResult> refused = firstDone(second, third);
        assertThatThrownBy(refused::get)
                .hasRootCauseMessage(
                        "model: slow/1 is being loaded, and 2 requests wait for it (expected: fewer). Send it again in a while.");
        slow.permits.release(1);
        assertThat(first.get().modelVersion()).isEqualTo(1);
        assertThat((refused == second ? third : second).get().modelVersion()).isEqualTo(1);
    }

    private static Future<InferenceResult> firstDone(Future<InferenceResult> one, Future<InferenceResult> other) {
        while (!one.isDone() && !other.isDone()) {
            Thread.onSpinWait();
        }
        return one.isDone() ? one : other;
    }

    @Test
    void givesUpWaitingForALoad_atTheDeadline() throws InterruptedException, ExecutionException {
        Router router = router(Long.MAX_VALUE, 10, Duration.ZERO);
        CountedModel slow = install(router, "slow");
        slow.permits.drainPermits();
        Future<InferenceResult> first = clients.submit(() -> ask(router, "slow"));
        slow.loading.await();
        CallTarget target = new CallTarget(
                "slow", Optional.empty(), Optional.empty(), Deadline.in(Duration.ofMillis(5)), Patience.WAITS);
        assertThatThrownBy(() -> router.infer(new InferenceCall(target, Models.row(1, 2, "x"))))
                .isInstanceOfSatisfying(
                        MillwrightException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ServingError.DEADLINE_PASSED))
                .hasMessageContaining("slow/1 was being loaded");
        slow.permits.release(1);
        assertThat(first.get().modelVersion()).isEqualTo(1);
    }

    @Test
    void doesNotTryABrokenModelAgain_forAWhile_andLeavesOthersAlone() {
        Router router = router(Long.MAX_VALUE, 10, Duration.ofHours(1));
        CountedModel broken = install(router, "broken");
        broken.broken = true;
        install(router, "good");
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> ask(router, "broken"))
                    .isInstanceOf(MillwrightException.class)
                    .hasMessage("model: broken");
        }
        assertThat(broken.loads).hasValue(1);
        assertThat(ask(router, "good").modelVersion()).isEqualTo(1);
        assertThat(router.findStatistics("broken", 1).orElseThrow().snapshot().count(VersionStatistics.Outcome.ERROR))
                .isEqualTo(3);
    }

    @Test
    void triesABrokenModelAgain_afterAWhile() {
        Router router = router(Long.MAX_VALUE, 10, Duration.ZERO);
        CountedModel model = install(router, "a");
        model.broken = true;
        assertThatThrownBy(() -> ask(router, "a")).hasMessage("model: broken");
        model.broken = false;
        assertThat(ask(router, "a").modelVersion()).isEqualTo(1);
    }

    @Test
    void sendsImpatientThreadsElsewhere_withoutCountingThat() {
        Router router = router(Long.MAX_VALUE, 10, Duration.ZERO);
        CountedModel model = install(router, "a");
        Round round = new Round(Runnable::run);
        CallTarget impatient = new CallTarget("a", Optional.empty(), Optional.empty(), Deadline.NONE, round);
        InferenceCall call = new InferenceCall(impatient, Models.row(1, 2, "x"));
        assertThatThrownBy(() -> router.ask(call)).isInstanceOf(WouldWaitException.class);
        assertThat(model.loads).hasValue(0);
        ask(router, "a");
        CompletableFuture<InferenceResult> answer = router.ask(call);
        round.end();
        assertThat(answer.join().modelVersion()).isEqualTo(1);
        assertThat(router.findStatistics("a", 1).orElseThrow().snapshot().timed())
                .isEqualTo(2);
    }

    @Test
    void aLeaseKeepsAModel_untilARouteRefersToIt() {
        Router router = router(Long.MAX_VALUE, 10, Duration.ZERO);
        CountedModel model = new CountedModel("a");
        ModelLease lease = router.lease(model);
        router.install("a", Route.of("a", new WeightedVersion("a", 1, 1, model)));
        lease.close();
        lease.close();
        assertThat(ask(router, "a").modelVersion()).isEqualTo(1);
        assertThat(model.loads).hasValue(1);
        CountedModel unused = new CountedModel("b");
        router.lease(unused).close();
        assertThat(unused.newest().closed.getCount()).isZero();
    }
}
