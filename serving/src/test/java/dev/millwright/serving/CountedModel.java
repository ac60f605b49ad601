package dev.millwright.serving;

import dev.millwright.core.MillwrightException;
import dev.millwright.serving.protocol.FeatureTensors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A model of a gigabyte that counts its loads, and routers for it. */
class CountedModel implements ModelSource {
    static final long SIZE = 1 << 30;

    final String name;
    final AtomicInteger loads = new AtomicInteger();
    final List<StepRuntime> loaded = new ArrayList<>();
    final Semaphore permits = new Semaphore(1000);
    final CountDownLatch loading = new CountDownLatch(1);
    volatile boolean broken;
    volatile int stepPermits = Integer.MAX_VALUE / 2;

    CountedModel(String name) {
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

    static Router router(long memory, int waiting, Duration retryAfter) {
        return new Router(
                RouterOptions.forCores(2, 1).withLoading(new LoadOptions(memory, waiting, retryAfter)),
                PredictionSink.NONE,
                () -> Instant.EPOCH,
                System::nanoTime,
                Runnable::run);
    }

    static CountedModel install(Router router, String name) {
        CountedModel model = new CountedModel(name);
        router.install(name, Route.of(name, new WeightedVersion(name, 1, 1, model)));
        return model;
    }

    static InferenceResult ask(Router router, String name) {
        return router.infer(name, Optional.empty(), Optional.empty(), Models.row(1, 2, "x"));
    }
}
