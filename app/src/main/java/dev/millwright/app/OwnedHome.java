package dev.millwright.app;

import dev.millwright.data.DuckDb;
import dev.millwright.data.Lake;
import dev.millwright.pipelines.Deployments;
import dev.millwright.pipelines.HomeLayout;
import dev.millwright.pipelines.PipelineRuns;
import dev.millwright.pipelines.RunDesk;
import dev.millwright.pipelines.Workshop;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.Registry;
import dev.millwright.serving.PredictionSink;
import dev.millwright.serving.Router;
import dev.millwright.serving.RouterOptions;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;

/** The process that owns a home: everything it is made of, in the order of its start; closed in reverse. */
final class OwnedHome implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Deployments deployments;
    private final RunDesk desk;

    private OwnedHome(HomeLock lock, InstantSource clock) {
        keep(lock);
        HomeLayout layout = new HomeLayout(lock.home());
        Registry registry = keep(Registry.open(lock, clock));
        registry.steps().recover();
        DuckDb duck = keep(new DuckDb(DuckDb.Settings.ofThisMachine(layout.temporary())));
        Lake lake = keep(new Lake(layout.lake(), duck, clock));
        ExecutorService background = keep(Threads.background());
        Router router = keep(new Router(
                RouterOptions.forCores(Runtime.getRuntime().availableProcessors(), clock.millis()),
                PredictionSink.NONE,
                clock,
                System::nanoTime,
                background));
        this.deployments = new Deployments(registry, router, clock);
        ExecutorService worker = keep(Threads.runWorker());
        this.desk = new RunDesk(
                new PipelineRuns(new Workshop(layout, duck, lake, registry, deployments, clock)), worker);
    }

    static OwnedHome open(HomeLock lock, InstantSource clock) {
        return new OwnedHome(lock, clock);
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    RunDesk desk() {
        return desk;
    }

    Deployments deployments() {
        return deployments;
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception failed) {
                throw new IllegalStateException("the home could not be closed", failed);
            }
        }
    }
}
