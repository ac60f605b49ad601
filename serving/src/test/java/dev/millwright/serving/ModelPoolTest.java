package dev.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Frame;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import dev.millwright.serving.protocol.FeatureTensors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Models that are loaded when they are asked, and freed when memory is short. */
class ModelPoolTest {
    private static final long SIZE = 1 << 30;

    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        clients.shutdownNow();
    }

    /** A model of a gigabyte that is counted when it is loaded. */
    private static class Stored implements ModelSource {
        final String name;
        final AtomicInteger loads = new AtomicInteger();
        final List<StepRuntime> loaded = new ArrayList<>();
        final Semaphore permits = new Semaphore(1000);
        final CountDownLatch loading = new CountDownLatch(1);
        volatile boolean broken;
        volatile int stepPermits = Integer.MAX_VALUE / 2;

        Stored(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name + "/1";
        }

        @Override
        public Optional<FeatureTensors> features() {
            return Optional.of(new FeatureTensors(Models.BINARY));
        }

        @Override
        public long size() {
            return SIZE;
        }

        @Override
        public LoadedModel load() {
            loading.countDown();
            permits.acquireUninterruptibly();
            loads.incrementAndGet();
            if (broken) {
                throw new MillwrightException(ServingError.MODEL_UNFIT, "model: broken");
            }
            StepRuntime runtime = new StepRuntime(0.5f, stepPermits);
            synchronized (loaded) {
                loaded.add(runtime);
            }
            return runtime;
        }

        StepRuntime newest() {
            synchronized (loaded) {
                return loaded.getLast();
            }
        }
    }

    private static Router router(long memory, int waiting, Duration retryAfter) {
        return new Router(
                RouterOptions.forCores(2, 1).withLoading(new LoadOptions(memory, waiting, retryAfter)),
                PredictionSink.NONE,
                () -> Instant.EPOCH,
                System::nanoTime,
                Runnable::run);
    }

    private static Stored install(Router router, String name) {
        Stored model = new Stored(name);
        router.install(name, Route.of(name, new WeightedVersion(name, 1, 1, model)));
        return model;
    }

    private static InferenceResult ask(Router router, String name) {
        return router.infer(name, Optional.empty(), Optional.empty(), Models.row(1, 2, "x"));
    }

    @Test
    void loadsAModel_whenItIsAsked_once() throws ExecutionException, InterruptedException {
        Router router = router(Long.MAX_VALUE, 100, Duration.ZERO);
        Stored model = install(router, "a");
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
    void endsTheMeasuringOfALoadThatFails() {
        AtomicInteger measuring = new AtomicInteger();
        ModelMemory memory = () -> {
            measuring.incrementAndGet();
            return () -> {
                measuring.decrementAndGet();
                return 0;
            };
        };
        ModelPool pool = new ModelPool(RouterOptions.forCores(1, 1), memory, Runnable::run, ModelThreads.OF_CALLERS);
        Stored broken = new Stored("broken");
        broken.broken = true;
        ModelSlot slot = pool.refer(broken);
        assertThatThrownBy(() -> pool.load(slot)).hasMessage("model: broken");
        assertThat(measuring).hasValue(0);
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
        Stored first = install(router, "first");
        Stored second = install(router, "second");
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
    void freesWhatWasUnusedForLongest_whenMemoryIsShort() {
        Router router = router(2 * SIZE + SIZE / 2, 100, Duration.ZERO);
        Stored a = install(router, "a");
        Stored b = install(router, "b");
        Stored c = install(router, "c");
        ask(router, "a");
        ask(router, "b");
        ask(router, "a");
        ask(router, "c");
        assertThat(router.isLoaded("a", 1)).isTrue();
        assertThat(router.isLoaded("b", 1)).isFalse();
        assertThat(router.isLoaded("c", 1)).isTrue();
        assertThat(b.newest().closed.getCount()).isZero();
        ask(router, "b");
        assertThat(router.isLoaded("a", 1)).isFalse();
        assertThat(List.of(a.loads.get(), b.loads.get(), c.loads.get())).containsExactly(1, 2, 1);
        assertThat(router.metrics().pool())
                .satisfies(pool -> assertThat(pool.loaded()).isEqualTo(2))
                .satisfies(pool -> assertThat(pool.evictions()).isEqualTo(2));
    }

    @Test
    void neverFreesAModel_thatAnswersARequest() throws ExecutionException, InterruptedException {
        Router router = router(SIZE, 100, Duration.ZERO);
        Stored busy = install(router, "busy");
        busy.stepPermits = 0;
        install(router, "other");
        Future<InferenceResult> request = clients.submit(() -> ask(router, "busy"));
        busy.loading.await();
        busy.permits.release();
        while (busy.loads.get() == 0 || busy.loaded.isEmpty()) {
            Thread.onSpinWait();
        }
        busy.newest().started.acquire();
        ask(router, "other");
        assertThat(router.isLoaded("busy", 1)).isTrue();
        assertThat(busy.newest().closed.getCount()).isEqualTo(1);
        router.trimModels();
        assertThat(router.isLoaded("busy", 1)).isTrue();
        assertThat(router.isLoaded("other", 1)).as("asked last").isTrue();
        busy.newest().permits.release(10);
        assertThat(request.get().modelVersion()).isEqualTo(1);
    }

    @Test
    void freesWhatIsBeyondItsMemory_onceItIsNoLongerInUse() {
        Router router = router(2 * SIZE, 100, Duration.ZERO);
        List<ModelLease> leases = Stream.of("a", "b", "c", "d")
                .map(name -> router.lease(install(router, name)))
                .toList();
        assertThat(router.metrics().pool().loaded()).isEqualTo(4);
        leases.forEach(ModelLease::close);

        router.trimModels();

        assertThat(router.metrics().pool().loaded()).isEqualTo(2);
        assertThat(router.isLoaded("c", 1)).isTrue();
        assertThat(router.isLoaded("d", 1)).isTrue();
    }

    @Test
    void keepsTheModelThatWasAskedLast_howeverLargeItIs() {
        Router router = router(SIZE / 2, 100, Duration.ZERO);
        Stored large = install(router, "large");
        ask(router, "large");
        router.trimModels();
        ask(router, "large");
        assertThat(large.loads).hasValue(1);
    }

    @Test
    void takesALoadBesideOthersForAsLargeAsThoseBeforeIt_whoseFilesWereOfAboutItsSize() {
        Deque<Long> taken = new ArrayDeque<>(List.of(3 * SIZE, 0L, 0L));
        ModelPool pool = new ModelPool(
                RouterOptions.forCores(2, 1), () -> taken::removeFirst, Runnable::run, ModelThreads.OF_CALLERS);
        load(pool, new Stored("measured"));
        load(pool, new Stored("beside"));
        assertThat(pool.used()).isEqualTo(6 * SIZE);
        load(pool, new Stored("larger") {
            @Override
            public long size() {
                return 16 * SIZE;
            }
        });
        assertThat(pool.used()).as("of such nothing is known").isEqualTo(22 * SIZE);
    }

    private static void load(ModelPool pool, ModelSource source) {
        ModelSlot slot = pool.refer(source);
        pool.place(slot, pool.load(slot));
    }

    @Test
    void refusesRequests_whenTooManyWaitForALoad() throws InterruptedException, ExecutionException {
        Router router = router(Long.MAX_VALUE, 2, Duration.ZERO);
        Stored slow = install(router, "slow");
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
        Stored slow = install(router, "slow");
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
        Stored broken = install(router, "broken");
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
        Stored model = install(router, "a");
        model.broken = true;
        assertThatThrownBy(() -> ask(router, "a")).hasMessage("model: broken");
        model.broken = false;
        assertThat(ask(router, "a").modelVersion()).isEqualTo(1);
    }

    @Test
    void sendsImpatientThreadsElsewhere_withoutCountingThat() {
        Router router = router(Long.MAX_VALUE, 10, Duration.ZERO);
        Stored model = install(router, "a");
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
        Stored model = new Stored("a");
        ModelLease lease = router.lease(model);
        router.install("a", Route.of("a", new WeightedVersion("a", 1, 1, model)));
        lease.close();
        lease.close();
        assertThat(ask(router, "a").modelVersion()).isEqualTo(1);
        assertThat(model.loads).hasValue(1);
        Stored unused = new Stored("b");
        router.lease(unused).close();
        assertThat(unused.newest().closed.getCount()).isZero();
    }

    @Test
    void measuresNativeMemory_whereTheCLibraryTells() {
        NativeHeap heap = new NativeHeap();
        byte[] graph = Models.bytes("graphs/simple.onnx");
        List<Long> taken = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ModelMemory.Loading loading = heap.begin();
            try (OnnxTensorModel model = OnnxTensorModel.open(graph, RuntimeOptions.FOREIGN)) {
                taken.add(loading.end());
                assertThat(model.inputs()).hasSize(2);
            }
        }
        if (heap.bytesInUse() > 0) {
            // What is measured is the whole process: another's model may be freed meanwhile.
            assertThat(taken).anySatisfy(bytes -> assertThat(bytes).isBetween(1L, 64L << 20));
        } else {
            assertThat(taken).containsOnly(0L);
        }
    }

    @Test
    void measuresNothing_whileTwoLoadsOverlap() {
        NativeHeap heap = new NativeHeap();
        ModelMemory.Loading first = heap.begin();
        ModelMemory.Loading second = heap.begin();
        assertThat(second.end()).isZero();
        assertThat(first.end()).isZero();
    }
}
