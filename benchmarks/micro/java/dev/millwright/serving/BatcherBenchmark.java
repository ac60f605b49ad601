package dev.millwright.serving;

import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** What waiting for a turn costs: alone, and with more callers than lanes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BatcherBenchmark {
    private static final Frame ROW = Samples.rows(1);

    @Param({"1", "2"})
    public int lanes;

    private Batcher<Frame, Predictions> batcher;

    @Setup
    public void open() {
        batcher = new Batcher<>(
                new RowWork(new Samples.Known()), new RouterOptions(lanes, 64, 16_384, 1, 1), new ExecutionCounts());
    }

    @Benchmark
    public Predictions alone() {
        return batcher.predict(ROW, Deadline.NONE);
    }

    @Benchmark
    @Threads(4)
    public Predictions amongFour() {
        return batcher.predict(ROW, Deadline.NONE);
    }
}
