package dev.millwright.serving;

import static dev.millwright.serving.DoublingModel.x;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Frame;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Predictions;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorValues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

    private void awaitDepth(Batcher<?, ?> batcher, int depth) {
        while (batcher.depth() < depth) {
            Thread.onSpinWait();
        }
    }

    @Test
    void joinsTensorsAlongTheirRows_whereTheRestOfTheirShapesIsAlike() throws ExecutionException, InterruptedException {
        DoublingModel model = new DoublingModel(true);
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
        DoublingModel model = new DoublingModel(false);
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
        DoublingModel model = new DoublingModel(true);
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
}
