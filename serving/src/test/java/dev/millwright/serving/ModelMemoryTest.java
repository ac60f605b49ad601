package dev.millwright.serving;

import static dev.millwright.serving.CountedModel.SIZE;
import static dev.millwright.serving.CountedModel.ask;
import static dev.millwright.serving.CountedModel.install;
import static dev.millwright.serving.CountedModel.router;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much memory models take, and which are freed when it is short. */
class ModelMemoryTest {
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        clients.shutdownNow();
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
        CountedModel broken = new CountedModel("broken");
        broken.broken = true;
        ModelSlot slot = pool.refer(broken);
        assertThatThrownBy(() -> pool.load(slot)).hasMessage("model: broken");
        assertThat(measuring).hasValue(0);
    }

    @Test
    void freesWhatWasUnusedForLongest_whenMemoryIsShort() {
        Router router = router(2 * SIZE + SIZE / 2, 100, Duration.ZERO);
        CountedModel a = install(router, "a");
        CountedModel b = install(router, "b");
        CountedModel c = install(router, "c");
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
        CountedModel busy = install(router, "busy");
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
        CountedModel large = install(router, "large");
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
        load(pool, new CountedModel("measured"));
        load(pool, new CountedModel("beside"));
        assertThat(pool.used()).isEqualTo(6 * SIZE);
        load(pool, new CountedModel("larger") {
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
