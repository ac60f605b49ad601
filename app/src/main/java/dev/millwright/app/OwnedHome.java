package dev.millwright.app;

import dev.millwright.core.CoreError;
import dev.millwright.core.MillwrightException;
import dev.millwright.data.DuckDb;
import dev.millwright.data.Lake;
import dev.millwright.monitoring.FeedbackStore;
import dev.millwright.monitoring.MonitorEngine;
import dev.millwright.monitoring.PredictionLog;
import dev.millwright.monitoring.PredictionLogOptions;
import dev.millwright.pipelines.DatasetRows;
import dev.millwright.pipelines.Deployments;
import dev.millwright.pipelines.EventDesk;
import dev.millwright.pipelines.HomeLayout;
import dev.millwright.pipelines.LabelOutcomes;
import dev.millwright.pipelines.ModelConnection;
import dev.millwright.pipelines.ModelImport;
import dev.millwright.pipelines.PipelineRuns;
import dev.millwright.pipelines.RunDesk;
import dev.millwright.pipelines.TrackingAccess;
import dev.millwright.pipelines.Watch;
import dev.millwright.pipelines.Workshop;
import dev.millwright.pipelines.datasets.DatasetDesk;
import dev.millwright.pipelines.jobs.JobDesk;
import dev.millwright.pipelines.jobs.JobOptions;
import dev.millwright.pipelines.jobs.JobWebhooks;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.OwnerInfo;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.remote.OpenInferenceClients;
import dev.millwright.serving.LoadOptions;
import dev.millwright.serving.ModelThreads;
import dev.millwright.serving.Router;
import dev.millwright.serving.RouterOptions;
import dev.millwright.serving.remote.RemoteModels;
import dev.millwright.web.HttpServer;
import dev.millwright.web.Services;
import dev.millwright.web.WebOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;

/** The process that owns a home: everything it is made of, in the order of its start; closed in reverse. */
final class OwnedHome implements AutoCloseable {
    private static final int TOKEN_BYTES = 32;
    private static final Duration LAST_STEP = Duration.ofSeconds(10);

    private final Deque<AutoCloseable> opened;
    private final Registry registry;
    private final Router router;
    private final Deployments deployments;
    private final EventDesk events;
    private final RunDesk desk;
    private final PredictionLog predictions;
    private final MonitorEngine monitors;
    private final Watch watch;
    private final JobDesk jobs;
    private final Housekeeping housekeeping;
    private final InstantSource clock;
    private final HttpServer server;

    private OwnedHome(Deque<AutoCloseable> opened, HomeLock lock, Opening opening, InstantSource clock) {
        this.opened = opened;
        this.clock = clock;
        keep(lock);
        HomeLayout layout = new HomeLayout(lock.home());
        this.registry = keep(
                switch (opening.keeping()) {
                    case ON_DISK -> Registry.open(lock, opening.registry(), clock);
                    case IN_MEMORY -> Registry.inMemory(opening.registry().artifactRoot(), clock);
                });
        registry.steps().recover();
        PipelineRuns.endOrphans(layout);
        DuckDb duck = keep(new DuckDb(DuckDb.Settings.ofThisMachine(layout.temporary())));
        Lake lake = keep(new Lake(layout.lake(), duck, clock));

        // Labels and alerts flow back to what is made later: the loop closes here, not among the rooms.
        AtomicReference<FeedbackStore> labels = new AtomicReference<>();
        AtomicReference<Watch> alerts = new AtomicReference<>();
        this.monitors = new MonitorEngine(
                (endpoint, from, to) -> Objects.requireNonNull(labels.get()).join(endpoint, from, to),
                List.of(event -> Objects.requireNonNull(alerts.get()).accept(event)));
        this.predictions = keep(PredictionLog.open(
                layout.predictions(),
                PredictionLogOptions.DEFAULT,
                clock,
                List.of(monitors),
                new PredictionLog.LogThreads(
                        Threads.named("prediction-log"),
                        Threads.named("prediction-files", LowPriority.YIELDING),
                        Threads.named("prediction-merge", LowPriority.IDLE))));
        FeedbackStore feedback = keep(FeedbackStore.open(
                layout.home().resolve("feedback.db"), predictions, clock, Threads.named("feedback")));
        labels.set(feedback);

        ExecutorService background = Threads.background();
        keep(() -> Threads.end(background, LAST_STEP));
        ExecutorService modelRuns = Threads.asNeeded("model-run");
        keep(() -> Threads.end(modelRuns, LAST_STEP));
        ExecutorService modelLoads = Threads.cores("model-load");
        keep(() -> Threads.end(modelLoads, LAST_STEP));
        this.router = keep(new Router(
                RouterOptions.forCores(Runtime.getRuntime().availableProcessors(), clock.millis())
                        .withLoading(
                                LoadOptions.DEFAULT.withMemory(opening.limits().modelMemory()))
                        .withLongestWait(opening.limits().longestWait()),
                predictions,
                clock,
                System::nanoTime,
                background,
                new ModelThreads(modelRuns, modelLoads)));
        OpenInferenceClients backends = keep(new OpenInferenceClients(System.getenv(), layout.secrets()));
        RemoteModels remotes =
                new RemoteModels(backends, background, keep(Threads.timer("backends")), System::nanoTime, new Random());
        this.deployments = new Deployments(registry, router, remotes, new LabelOutcomes(feedback::arrived), clock);
        deployments.restore();
        this.events = keep(new EventDesk(
                registry,
                router,
                new DatasetRows(duck, lake),
                layout.events(),
                Threads.named("windows", LowPriority.YIELDING),
                clock));

        ExecutorService worker = Threads.runWorker();
        keep(() -> Threads.end(worker, LAST_STEP));
        AtomicReference<HttpServer> tracking = new AtomicReference<>();
        // What runs start finds the server that is made below. Whoever must log in there gets the means to do so here.
        TrackingAccess access = run -> variables(Objects.requireNonNull(tracking.get()), run);
        this.desk = new RunDesk(
                new PipelineRuns(new Workshop(layout, duck, lake, registry, deployments, access, clock)), worker);
        this.watch = keep(new Watch(registry, desk, predictions, clock, Threads.named("webhook")));
        alerts.set(watch);
        this.jobs = keep(JobDesk.open(
                layout.home().resolve("jobs.db"),
                JobOptions.forCores(Runtime.getRuntime().availableProcessors()),
                router::isIdle,
                new JobWebhooks(layout.secrets().resolve("webhook")),
                clock,
                Threads.named("jobs")));
        DatasetDesk datasets = new DatasetDesk(registry, lake, clock);
        this.housekeeping = new Housekeeping(lake, datasets, feedback, registry, desk, jobs);

        String token = token();
        this.server = keep(HttpServer.start(
                WebOptions.of(opening.access(), opening.port(), token, Version.CURRENT),
                new Services(
                        registry,
                        router,
                        desk,
                        deployments,
                        events,
                        predictions,
                        feedback,
                        monitors,
                        jobs,
                        datasets,
                        lake,
                        clock,
                        opening.keeping() == Opening.Keeping.IN_MEMORY
                                ? Optional.of(() -> background.execute(empty(feedback)))
                                : Optional.empty())));
        tracking.set(server);
        // Closed first, so that whoever follows a run hears that it was interrupted before the server is gone.
        keep(desk);
        lock.publish(new OwnerInfo(ProcessHandle.current().pid(), server.localPort(), token, clock.instant()));
    }

    /**
     * Opens the home that {@code lock} holds, lets serve what served, and listens. Closes the lock when it fails.
     *
     * @param port 0 takes a free one
     */
    static OwnedHome open(HomeLock lock, int port, InstantSource clock) {
        return open(lock, Opening.onDisk(port), clock);
    }

    /** The same, as {@code opening} says. */
    static OwnedHome open(HomeLock lock, Opening opening, InstantSource clock) {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            return new OwnedHome(opened, lock, opening, clock);
        } catch (RuntimeException | Error failed) {
            try {
                closeAll(opened);
            } catch (IllegalStateException unclosed) {
                failed.addSuppressed(unclosed);
            }
            throw failed;
        }
    }

    private static Map<String, String> variables(HttpServer server, Run run) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put(TrackingAccess.URI, server.localUrl());
        server.pass(run.user().isEmpty() ? "millwright" : run.user())
                .ifPresent(pass -> variables.put(TrackingAccess.TOKEN, pass));
        return variables;
    }

    private static String token() {
        byte[] secret = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    Registry registry() {
        return registry;
    }

    RunDesk desk() {
        return desk;
    }

    ModelImport models() {
        return new ModelImport(registry, deployments);
    }

    ModelConnection connection() {
        return deployments.connection();
    }

    Deployments deployments() {
        return deployments;
    }

    EventDesk events() {
        return events;
    }

    /**
     * From now on lets time pass: rollouts advance, what serves is watched and trained anew, windows are filled before events
     * come. A process that only does a run leaves that to the next server.
     */
    void serve() {
        jobs.serve(server.jobDoor());
        opened.push(new Heartbeat(clock, router, deployments, watch, monitors, events, server::warmUp, housekeeping));
    }

    /** Forgets everything but the lake's files, which nothing refers to any more; what it returns frees the room. */
    private Runnable empty(FeedbackStore feedback) {
        if (!desk.isIdle()) {
            throw new MillwrightException(
                    CoreError.INTERRUPTED,
                    "reset: a run is under way (expected: none). Wait until it has ended, then try again.");
        }
        deployments.empty();
        Runnable free = registry.empty();
        watch.empty();
        monitors.empty();
        events.empty();
        predictions.empty();
        feedback.empty();
        jobs.empty();
        return free;
    }

    PredictionLog predictions() {
        return predictions;
    }

    MonitorEngine monitors() {
        return monitors;
    }

    /** Where the pages are. */
    String url() {
        return server.url();
    }

    @Override
    public void close() {
        closeAll(opened);
    }

    /** Closes everything, also after something could not be closed. */
    private static void closeAll(Deque<AutoCloseable> opened) {
        IllegalStateException problem = new IllegalStateException("the home could not be closed");
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception failed) {
                problem.addSuppressed(failed);
            }
        }
        if (problem.getSuppressed().length > 0) {
            throw problem;
        }
    }
}
