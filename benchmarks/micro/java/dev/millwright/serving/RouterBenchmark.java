package dev.millwright.serving;

import dev.millwright.core.Frame;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The way through the router, with statistics and an event for the log: to one version, to a canary split, and by a client's id. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouterBenchmark {
    private static final Frame ROW = Samples.rows(1);
    private static final InferenceCall TO_ONE = new InferenceCall("one", Optional.empty(), Optional.empty(), ROW);
    private static final InferenceCall TO_SPLIT = new InferenceCall("split", Optional.empty(), Optional.empty(), ROW);
    private static final InferenceCall OF_A_CLIENT =
            new InferenceCall("split", Optional.empty(), Optional.of("customer-17"), ROW);

    private Router router;

    @Setup
    public void open() {
        router = new Router(
                RouterOptions.forCores(1, 1), PredictionSink.NONE, InstantSource.system(), System::nanoTime, Runnable::run);
        router.install("one", Route.of("one", "model", 1, new Samples.Known()));
        router.install(
                "split",
                new Route(
                        "split",
                        List.of(
                                new WeightedVersion("model", 2, 0.05, new Samples.Known()),
                                new WeightedVersion("model", 1, 0.95, new Samples.Known())),
                        Optional.empty()));
    }

    @Benchmark
    public InferenceResult oneVersion() {
        return router.infer(TO_ONE);
    }

    @Benchmark
    public InferenceResult canarySplit() {
        return router.infer(TO_SPLIT);
    }

    @Benchmark
    public InferenceResult stickyClient() {
        return router.infer(OF_A_CLIENT);
    }

    @TearDown
    public void close() {
        router.close();
    }
}
