package dev.millwright.serving;

import static dev.millwright.serving.DoublingModel.x;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.MillwrightException;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorValues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that an event loop asks together, and runs that are too long for it. */
class BatcherRoundTest {
    private static final RouterOptions ONE_LANE = new RouterOptions(1, 64, 1000, 1, 1);

    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutionCounts counts = new ExecutionCounts();

    @AfterEach
    void stop() {
        clients.shutdownNow();
    }

    private void awaitDepth(Batcher<?, ?> batcher, int depth) {
        while (batcher.depth() < depth) {
            Thread.onSpinWait();
        }
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
    private Future<List<Tensor>> occupy(Batcher<List<Tensor>, List<Tensor>> batcher, DoublingModel model)
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
        DoublingModel model = new DoublingModel(true);
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
        DoublingModel model = new DoublingModel(true);
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
        DoublingModel model = new DoublingModel(true);
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
        DoublingModel model = new DoublingModel(true);
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
        DoublingModel model = new DoublingModel(true);
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
        DoublingModel model = new DoublingModel(true);
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
        DoublingModel model = new DoublingModel(false);
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
