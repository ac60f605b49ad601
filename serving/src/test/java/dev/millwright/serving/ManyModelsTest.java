package dev.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Far more models than there is room for, some of them popular, asked by several clients at a time. */
class ManyModelsTest {
    private static final int MODELS = 5_000;
    private static final int ROOM = 40;
    private static final int CLIENTS = 6;
    private static final int REQUESTS = 600;
    private static final long SIZE = 1L << 30;

    private final AtomicInteger loads = new AtomicInteger();
    private final AtomicInteger inMemory = new AtomicInteger();
    private final AtomicInteger mostInMemory = new AtomicInteger();

    /** What model {@code number} says to everything. */
    private static float probability(int number) {
        return number / (float) MODELS;
    }

    /** Counts itself while it is in memory; fails when it is freed while it answers, or asked after that. */
    private final class Counted implements ModelRuntime {
        private final StepRuntime model;

        Counted(int number) {
            model = StepRuntime.free(probability(number));
            loads.incrementAndGet();
            mostInMemory.accumulateAndGet(inMemory.incrementAndGet(), Math::max);
        }

        @Override
        public ModelSignature signature() {
            return model.signature();
        }

        @Override
        public Predictions predict(Frame rows) {
            return model.predict(rows);
        }

        @Override
        public void close() {
            model.close();
            inMemory.decrementAndGet();
        }
    }

    /** The first model takes a seventh of the requests, half of them are for some eighty. */
    private static int popular(SplittableRandom random) {
        double draw = random.nextDouble();
        return (int) (MODELS * Math.pow(draw, 6));
    }

    private static int ask(Router router, int client) {
        SplittableRandom random = new SplittableRandom(client);
        int right = 0;
        for (int i = 0; i < REQUESTS; i++) {
            int number = popular(random);
            InferenceResult result =
                    router.infer("m" + number, Optional.empty(), Optional.empty(), Models.row(1, 2, "x"));
            right += ((Predictions.Classes) result.predictions()).probability(0, 1) == probability(number) ? 1 : 0;
        }
        return right;
    }

    @Test
    void staysWithinItsMemory_butForWhatIsInUse_andAnswersRight() throws Exception {
        RouterOptions options =
                RouterOptions.forCores(2, 1).withLoading(new LoadOptions(ROOM * SIZE, CLIENTS, Duration.ZERO));
        Router router = new Router(options, PredictionSink.NONE, () -> Instant.EPOCH, System::nanoTime, Runnable::run);
        for (int model = 0; model < MODELS; model++) {
            int number = model;
            ModelSource source = new StoredModel("m" + number, SIZE, () -> new Counted(number));
            router.install("m" + number, Route.of("m" + number, new WeightedVersion("m" + number, 1, 1, source)));
        }
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                int number = client;
                Callable<Integer> asking = () -> ask(router, number);
                answers.add(clients.submit(asking));
            }
            for (Future<Integer> right : answers) {
                assertThat(right.get()).isEqualTo(REQUESTS);
            }
        }
        // Each client loads one at most for which there is no room yet.
        assertThat(mostInMemory.get()).isBetween(ROOM, ROOM + CLIENTS);
        assertThat(inMemory.get()).isLessThanOrEqualTo(ROOM);
        MetricsSnapshot.PoolMetrics pool = router.metrics().pool();
        assertThat(pool.loaded()).isEqualTo(inMemory.get());
        assertThat(pool.bytes()).isEqualTo(inMemory.get() * SIZE);
        assertThat(pool.loads()).isEqualTo(loads.get()).isLessThan(CLIENTS * REQUESTS);
        assertThat(pool.evictions()).isEqualTo((long) loads.get() - inMemory.get());
        router.close();
        assertThat(inMemory.get()).isZero();
    }
}
