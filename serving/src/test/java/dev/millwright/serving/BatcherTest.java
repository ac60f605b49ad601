package dev.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Frame;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Predictions;
import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorMetadata;
import dev.millwright.serving.protocol.TensorValues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatcherTest {
    private static final RouterOptions ONE_LANE = new RouterOptions(1, 64, 1000, 1, 1);

    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutionCounts counts = new ExecutionCounts();

    @AfterEach
    void stop() {
        clients.shutdownNow();
    }

    /** Doubles its rows, once it is let; none of them may be below 0. */
    private static final class Doubling implements TensorModel {
        final Semaphore permits = new Semaphore(0);
        final Semaphore started = new Semaphore(0);
        final Queue<String> runs = new ConcurrentLinkedQueue<>();
        private final boolean batches;

        Doubling(boolean batches) {
            this.batches = batches;
        }

        @Override
        public List<TensorMetadata> inputs() {
            return List.of(new TensorMetadata("x", Datatype.FP32, -1, -1));
        }

        @Override
        public List<TensorMetadata> outputs() {
            return List.of(new TensorMetadata("y", Datatype.FP32, -1, -1));
        }

        @Override
        public boolean takesBatches() {
            return batches;
        }

        @Override
        public List<Tensor> run(List<Tensor> inputs) {
            started.release();
            permits.acquireUninterruptibly();
            Tensor x = inputs.getFirst();
            runs.add(Tensor.describe(x.shape()));
            float[] values = ((TensorValues.Floats) x.values()).values();
            float[] doubled = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                if (values[i] < 0) {
                    throw new IllegalArgumentException("negative");
                }
                doubled[i] = 2 * values[i];
            }
            return List.of(Tensor.of("y", doubled, x.shape()));
        }

        @Override
        public void close() {}
    }

    private static List<Tensor> x(int rows, int width, float value) {
        float[] values = new float[rows * width];
        java.util.Arrays.fill(values, value);
        return List.of(Tensor.of("x", values, rows, width));
    }

    private void awaitDepth(Batcher<?, ?> batcher, int depth) {
        while (batcher.depth() < depth) {
            Thread.onSpinWait();
        }
    }

    @Test
    void joinsTensorsAlongTheirRows_whereTheRestOfTheirShapesIsAlike() throws ExecutionException, InterruptedException {
        Doubling model = new Doubling(true);
        Batcher<List<Tensor>, List<Tensor>> batcher =
                new Batcher<>(new TensorWork(model), ONE_LANE, counts, ModelThreads.OF_CALLERS);
        List<Future<List<Tensor>>> answers = new ArrayList<>();
        answers.add(clients.submit(() -> batcher.predict(x(1, 2, 0), Deadline.NONE)));
        model.started.acquire();
        int[][] shapes = {{2, 2}, {1, 2}, {1, 3}, {3, 3}};
        int waiting = 0;
        for (int i = 0; i < shapes.length; i++) {
            int[] shape = shapes[i];
            int value = i + 1;
            answers.add(clients.submit(() -> batcher.predict(x(shape[0], shape[1], value), Deadline.NONE)));
            waiting += shape[0];
            awaitDepth(batcher, waiting);
        }
        model.permits.release(100);
        for (int i = 1; i < answers.size(); i++) {
            Tensor y = answers.get(i).get().getFirst();
            assertThat(y.shape()).containsExactly(shapes[i - 1][0], shapes[i - 1][1]);
            assertThat(((TensorValues.Floats) y.values()).values()).containsOnly(2f * i);
        }
        assertThat(model.runs).containsExactly("[1,2]", "[3,2]", "[4,3]");
        ExecutionStatistics statistics = counts.snapshot();
        assertThat(statistics.executions()).isEqualTo(3);
        assertThat(statistics.requests()).isEqualTo(5);
        assertThat(statistics.rows()).isEqualTo(8);
        assertThat(statistics.waited()).isEqualTo(4);
        assertThat(statistics.batches())
                .extracting(ExecutionStatistics.Batch::rows)
                .containsExactly(1, 3, 4);
        assertThat(statistics.batches().stream()
                        .mapToLong(ExecutionStatistics.Batch::joinNanos)
                        .sum())
                .isEqualTo(statistics.joinNanos())
                .isPositive();
        assertThat(statistics.batches().stream()
                        .mapToLong(ExecutionStatistics.Batch::partNanos)
                        .sum())
                .isEqualTo(statistics.partNanos())
                .isPositive();
    }

    @Test
    void runsRequestsOneByOne_whereTheModelTakesNoBatches() throws ExecutionException, InterruptedException {
        Doubling model = new Doubling(false);
        Batcher<List<Tensor>, List<Tensor>> batcher =
                new Batcher<>(new TensorWork(model), ONE_LANE, counts, ModelThreads.OF_CALLERS);
        Future<List<Tensor>> first = clients.submit(() -> batcher.predict(x(1, 1, 1), Deadline.NONE));
        model.started.acquire();
        Future<List<Tensor>> second = clients.submit(() -> batcher.predict(x(2, 1, 2), Deadline.NONE));
        Future<List<Tensor>> third = clients.submit(() -> batcher.predict(x(2, 1, 3), Deadline.NONE));
        awaitDepth(batcher, 2);
        model.permits.release(100);
        assertThat(List.of(first.get(), second.get(), third.get())).hasSize(3);
        assertThat(model.runs).containsExactly("[1,1]", "[2,1]", "[2,1]");
    }

    @Test
    void leavesTheQueue_atTheDeadline_andLetsOthersGoOn() throws ExecutionException, InterruptedException {
        StepRuntime model = new StepRuntime(0.5f, 0);
        Batcher<Frame, Predictions> batcher =
                new Batcher<>(new RowWork(model), ONE_LANE, counts, ModelThreads.OF_CALLERS);
        Frame row = Models.row(1, 2, "x");
        Future<Predictions> first = clients.submit(() -> batcher.predict(row, Deadline.NONE));
        model.started.acquire();
        assertThatThrownBy(() -> batcher.predict(row, Deadline.in(Duration.ofMillis(2))))
                .isInstanceOfSatisfying(
                        MillwrightException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ServingError.DEADLINE_PASSED))
                .hasMessageContaining("ms in the queue (expected: an answer in time)");
        assertThat(batcher.depth()).isZero();
        assertThatThrownBy(() -> batcher.predict(row, Deadline.in(Duration.ZERO)))
                .hasMessageContaining("passed before the model was asked");
        Future<Predictions> second = clients.submit(() -> batcher.predict(row, Deadline.NONE));
        awaitDepth(batcher, 1);
        model.permits.release(10);
        assertThat(first.get().rows()).isEqualTo(1);
        assertThat(second.get().rows()).isEqualTo(1);
    }

    @Test
    void refusesWhatWouldWaitTooLong_judgedByRecentRuns() throws InterruptedException {
        Doubling model = new Doubling(true);
        for (int i = 0; i < 100; i++) {
            counts.executed(2, 1, 200_000_000);
        }
        Batcher<List<Tensor>, List<Tensor>> batcher = new Batcher<>(
                new TensorWork(model),
                ONE_LANE.withLongestWait(Duration.ofMillis(250)),
                counts,
                ModelThreads.OF_CALLERS);
        List<Future<List<Tensor>>> answers = new ArrayList<>();
        answers.add(clients.submit(() -> batcher.predict(x(1, 1, 0), Deadline.NONE)));
        model.started.acquire();
        for (int waiting = 1; waiting <= 3; waiting++) {
            assertThat(batcher.isFull()).isFalse();
            answers.add(clients.submit(() -> batcher.predict(x(1, 1, 0), Deadline.NONE)));
            awaitDepth(batcher, waiting);
        }
        assertThat(batcher.isFull()).isTrue();
        assertThatThrownBy(() -> batcher.predict(x(1, 1, 0), Deadline.NONE))
                .isInstanceOfSatisfying(
                        MillwrightException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ServingError.OVERLOADED))
                .hasMessageContaining("queue: 3 rows wait, which takes about 300 ms")
                .hasMessageContaining("250 ms");
        model.permits.release(100);
        assertThat(answers).allSatisfy(answer -> assertThat(answer.get()).hasSize(1));
    }

    /** An event loop that does what it is given when it is told to. */
    private static final class Loop {
        final Queue<Runnable> given = new ConcurrentLinkedQueue<>();
        final Round round = new Round(given::add);

        void turn() {
            for (Runnable next = given.poll(); next != null; next = given.poll()) {
                next.run();
            }
        }
    }

    /** A request of a thread, in which the model is until it is let. */
    private Future<List<Tensor>> occupy(Batcher<List<Tensor>, List<Tensor>> batcher, Doubling model)
            throws InterruptedException {
        Future<List<Tensor>> first = clients.submit(() -> batcher.predict(x(1, 1, 1), Deadline.NONE));
        model.started.acquire();
        return first;
    }

    private static float first(CompletableFuture<List<Tensor>> answer) {
        return ((TensorValues.Floats) answer.join().getFirst().values()).values()[0];
    }

    @Test
    void asksOnce_forAllThatARoundAsks() {
        Doubling model = new Doubling(true);
        model.permits.release(100);
        Batcher<List<Tensor>, List<Tensor>> batcher =
                new Batcher<>(new TensorWork(model), ONE_LANE, counts, ModelThreads.OF_CALLERS);
        Loop loop = new Loop();
        for (int again = 1; again <= 2; again++) {
            List<CompletableFuture<List<Tensor>>> answers = new ArrayList<>();
            for (int i = 0; i < 70; i++) {
                answers.add(batcher.predict(x(1, 2, i), Deadline.NONE, loop.round));
            }
            assertThat(model.runs).hasSize(2 * (again - 1));
            loop.round.end();
            assertThat(answers).noneMatch(CompletableFuture::isDone);
            loop.turn();
            for (int i = 0; i < 70; i++) {
                assertThat(first(answers.get(i))).isEqualTo(2f * i);
            }
        }
        assertThat(model.runs).as("no larger than 64").containsExactly("[64,2]", "[6,2]", "[64,2]", "[6,2]");
        assertThat(counts.snapshot().requests()).isEqualTo(140);
    }

    @Test
    void answersARound_whoseModelIsBusy_whenItsTurnComes() throws Exception {
        Doubling model = new Doubling(true);
        Batcher<List<Tensor>, List<Tensor>> batcher =
                new Batcher<>(new TensorWork(model), ONE_LANE, counts, ModelThreads.OF_CALLERS);
        Future<List<Tensor>> before = occupy(batcher, model);
        Loop loop = new Loop();
        CompletableFuture<List<Tensor>> second = batcher.predict(x(1, 1, 2), Deadline.NONE, loop.round);
        Deadline deadline = Deadline.in(Duration.ofMillis(20));
        CompletableFuture<List<Tensor>> late = batcher.predict(x(1, 1, 3), deadline, loop.round);
        loop.round.end();
        assertThat(batcher.depth()).isEqualTo(2);
        assertThat(loop.given).isEmpty();
        while (deadline.left() > 0) {
            Thread.onSpinWait();
        }
        model.permits.release(100);
        assertThat(before.get()).hasSize(1);
        while (!late.isDone()) {
            loop.turn();
        }
        assertThat(first(second)).isEqualTo(4f);
        assertThatThrownBy(late::join).hasMessageContaining("ms in the queue (expected: an answer in time)");
        assertThat(model.runs).containsExactly("[1,1]", "[1,1]");
        assertThat(batcher.depth()).isZero();
    }

    @Test
    void wakesALoop_forThreadsBehindIt() throws Exception {
        Doubling model = new Doubling(true);
        Batcher<List<Tensor>, List<Tensor>> batcher =
                new Batcher<>(new TensorWork(model), ONE_LANE, counts, ModelThreads.OF_CALLERS);
        Future<List<Tensor>> before = occupy(batcher, model);
        Loop loop = new Loop();
        CompletableFuture<List<Tensor>> second = batcher.predict(x(1, 1, 2), Deadline.NONE, loop.round);
        loop.round.end();
        FutureTask<List<Tensor>> behind = new FutureTask<>(() -> batcher.predict(x(1, 1, 3), Deadline.NONE));
        Thread waiting = Thread.ofVirtual().start(behind);
        // Its rows are counted before it is in the queue.
        while (waiting.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        model.permits.release(100);
        assertThat(before.get()).hasSize(1);
        while (!second.isDone()) {
            loop.turn();
        }
        assertThat(behind.get()).hasSize(1);
        assertThat(model.runs).containsExactly("[1,1]", "[2,1]");
    }

    @Test
    void failsNobodyElse_whenARequestOfARoundDoes() {
        Doubling model = new Doubling(true);
        model.permits.release(100);
        Batcher<List<Tensor>, List<Tensor>> batcher =
                new Batcher<>(new TensorWork(model), ONE_LANE, counts, ModelThreads.OF_CALLERS);
        Loop loop = new Loop();
        CompletableFuture<List<Tensor>> good = batcher.predict(x(1, 1, 1), Deadline.NONE, loop.round);
        CompletableFuture<List<Tensor>> bad = batcher.predict(x(1, 1, -1), Deadline.NONE, loop.round);
        CompletableFuture<List<Tensor>> other = batcher.predict(x(1, 1, 2), Deadline.NONE, loop.round);
        loop.round.end();
        loop.turn();
        assertThat(first(good)).isEqualTo(2f);
        assertThat(first(other)).isEqualTo(4f);
        assertThatThrownBy(bad::join).hasMessageContaining("negative");
    }

    @Test
    void handsLongRunsOver_andWaitsForNoneBeyondItsDeadline() throws Exception {
        Queue<Runnable> given = new ConcurrentLinkedQueue<>();
        counts.executed(1, 1, 1000 * ModelThreads.LONG_NANOS);
        Doubling model = new Doubling(true);
        model.permits.release(100);
        Batcher<List<Tensor>, List<Tensor>> batcher =
                new Batcher<>(new TensorWork(model), ONE_LANE, counts, new ModelThreads(given::add, Runnable::run));
        List<Future<List<Tensor>>> asked = List.of(ask(batcher, Deadline.NONE), ask(batcher, Deadline.NONE));
        awaitDepth(batcher, 1);
        assertThat(model.started.availablePermits()).as("nothing runs here").isZero();
        while (!asked.stream().allMatch(Future::isDone)) {
            Optional.ofNullable(given.poll()).ifPresent(Runnable::run);
        }
        assertThat(asked).allSatisfy(answer -> assertThat(answer.get()).hasSize(1));

        model.runs.clear();
        Future<List<Tensor>> before = ask(batcher, Deadline.NONE);
        while (given.isEmpty()) {
            Thread.onSpinWait();
        }
        Future<List<Tensor>> late = ask(batcher, Deadline.in(Duration.ofMillis(20)));
        assertThatThrownBy(late::get).hasMessageContaining("deadline: passed");
        given.remove().run();
        assertThat(before.get()).hasSize(1);
        assertThat(model.runs).containsExactly("[1,1]");
        assertThat(batcher.depth()).isZero();
    }

    @Test
    void handsOverWhatIsLongForALoop() {
        Queue<Runnable> given = new ConcurrentLinkedQueue<>();
        counts.executed(1000, 1, ModelThreads.LONG_NANOS);
        Doubling model = new Doubling(true);
        model.permits.release(100);
        Batcher<List<Tensor>, List<Tensor>> batcher =
                new Batcher<>(new TensorWork(model), ONE_LANE, counts, new ModelThreads(given::add, Runnable::run));
        Loop loop = new Loop();
        CompletableFuture<List<Tensor>> few = batcher.predict(x(1, 1, 2), Deadline.NONE, loop.round);
        loop.round.end();
        assertThat(model.runs).as("short enough for the loop").containsExactly("[1,1]");
        CompletableFuture<List<Tensor>> many = batcher.predict(x(2000, 1, 3), Deadline.NONE, loop.round);
        loop.round.end();
        loop.turn();
        assertThat(many).isNotDone();
        given.remove().run();
        loop.turn();
        assertThat(first(few)).isEqualTo(4f);
        assertThat(first(many)).isEqualTo(6f);
    }

    private Future<List<Tensor>> ask(Batcher<List<Tensor>, List<Tensor>> batcher, Deadline deadline) {
        return clients.submit(() -> batcher.predict(x(1, 1, 1), deadline));
    }

    @Test
    void whatIsLate_isNotRun_howeverItWaited() throws Exception {
        Doubling model = new Doubling(false);
        model.permits.release(100);
        List<Runnable> handed = new ArrayList<>();
        ModelThreads threads = new ModelThreads(handed::add, Runnable::run);
        Batcher<List<Tensor>, List<Tensor>> batcher = new Batcher<>(new TensorWork(model), ONE_LANE, counts, threads);
        Deadline deadline = Deadline.in(Duration.ofSeconds(1));
        Round round = new Round(Runnable::run);
        CompletableFuture<List<Tensor>> late = batcher.predict(x(1, 1, 1), deadline, round);
        CompletableFuture<List<Tensor>> inTime = batcher.predict(x(1, 2, 2), Deadline.NONE, round);
        round.end();
        assertThat(handed).as("nobody knows how long the first run will be").hasSize(1);
        while (deadline.left() > 0) {
            Thread.onSpinWait();
        }
        handed.getFirst().run();
        assertThatThrownBy(() -> Answers.join(late))
                .isInstanceOfSatisfying(
                        MillwrightException.class,
                        passed -> assertThat(passed.code()).isEqualTo(ServingError.DEADLINE_PASSED));
        assertThat(Answers.join(inTime)).hasSize(1);
        assertThat(model.runs).containsExactly("[1,2]");
        assertThat(counts.snapshot().requests()).isEqualTo(1);
    }
}
