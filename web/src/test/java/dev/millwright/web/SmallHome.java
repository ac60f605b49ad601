package dev.millwright.web;

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
import dev.millwright.pipelines.PipelineRuns;
import dev.millwright.pipelines.PipelineRuns.Outcome;
import dev.millwright.pipelines.RunDesk;
import dev.millwright.pipelines.RunListener;
import dev.millwright.pipelines.RunRequest;
import dev.millwright.pipelines.Watch;
import dev.millwright.pipelines.Workshop;
import dev.millwright.pipelines.datasets.DatasetDesk;
import dev.millwright.pipelines.jobs.JobDesk;
import dev.millwright.pipelines.jobs.JobDoor;
import dev.millwright.pipelines.jobs.JobOptions;
import dev.millwright.pipelines.jobs.JobWebhooks;
import dev.millwright.registry.Registry;
import dev.millwright.remote.OpenInferenceClients;
import dev.millwright.serving.Router;
import dev.millwright.serving.RouterOptions;
import dev.millwright.serving.remote.RemoteModels;
import dev.millwright.web.access.AccessControl.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;

/** A home in a temporary folder with a server, and a pipeline small enough to run in a second or two. */
final class SmallHome implements AutoCloseable {
    static final String TOKEN = "0123456789abcdef0123456789abcdef";

    private static final String PIPELINE = """
            pipeline: visits
            description: Will a customer come again?
            data:
              customers: {from: customers.csv}
            features:
              view: profiles
              sql: SELECT age, plan, spend, spend / 12 AS spend_a_month FROM customers
            label: returned = 'yes'
            train:
              split: {by: random, test: 20%%, validation: 20%% of the rest}
              learners: [logistic_regression: {c: %s}]
              metric: roc_auc
              seed: 7
            gate: [roc_auc >= 0.6]
            deploy:
              endpoint: visits
              rollout: {canary: [25%%, 100%%], every: 1h, roll_back_if: [error_rate > 1%%]}
            monitor:
              drift: {window: 100 predictions, threshold: psi > 0.2}
              quality: {metric: roc_auc, at_least: 0.6, minimum_labels: 50}
              on_breach: alert
            """;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Path folder;
    private final RunDesk desk;
    private final Watch watch;
    private final Services services;
    private final HttpServer server;

    SmallHome(Path folder) {
        this(folder, WebOptions.loopback(0, TOKEN, "0.1.0"));
    }

    SmallHome(Path folder, WebOptions options) {
        this(folder, options, RouterOptions.forCores(1, 7));
    }

    SmallHome(Path folder, WebOptions options, RouterOptions routing) {
        InstantSource clock = InstantSource.system();
        this.folder = folder;
        HomeLayout layout = new HomeLayout(folder.resolve("home"));
        Registry registry = keep(Registry.open(layout.home(), clock));
        DuckDb duck = keep(new DuckDb(DuckDb.Settings.ofThisMachine(layout.temporary())));
        Lake lake = keep(new Lake(layout.lake(), duck, clock));
        AtomicReference<FeedbackStore> labels = new AtomicReference<>();
        AtomicReference<Watch> alerts = new AtomicReference<>();
        MonitorEngine monitors = new MonitorEngine(
                (endpoint, from, to) -> Objects.requireNonNull(labels.get()).join(endpoint, from, to),
                List.of(event -> Objects.requireNonNull(alerts.get()).accept(event)));
        ThreadFactory threads = Thread.ofPlatform().daemon().factory();
        PredictionLog log = keep(PredictionLog.open(
                layout.predictions(),
                PredictionLogOptions.DEFAULT,
                clock,
                List.of(monitors),
                new PredictionLog.LogThreads(threads, threads, threads)));
        FeedbackStore feedback = keep(FeedbackStore.open(layout.home().resolve("feedback.db"), log, clock, threads));
        labels.set(feedback);
        ExecutorService background = keep(Executors.newVirtualThreadPerTaskExecutor());
        Router router = keep(new Router(routing, log, clock, System::nanoTime, background));
        OpenInferenceClients backends = keep(new OpenInferenceClients(Map.of(), layout.secrets()));
        ScheduledExecutorService timer = keep(Executors.newSingleThreadScheduledExecutor(threads));
        RemoteModels remotes = new RemoteModels(backends, background, timer, System::nanoTime, new Random(3));
        Deployments deployments = new Deployments(registry, router, remotes, clock);
        ExecutorService worker = keep(Executors.newSingleThreadExecutor(threads));
        this.desk = new RunDesk(
                new PipelineRuns(new Workshop(layout, duck, lake, registry, deployments, run -> Map.of(), clock)),
                worker);
        this.watch = new Watch(registry, desk, log, clock, threads);
        alerts.set(watch);
        JobDesk jobs = keep(JobDesk.open(
                layout.home().resolve("jobs.db"),
                JobOptions.forCores(2),
                router::isIdle,
                new JobWebhooks(layout.secrets().resolve("webhook")),
                clock,
                threads));
        this.services = new Services(
                registry,
                router,
                desk,
                deployments,
                keep(new EventDesk(registry, router, new DatasetRows(duck, lake), layout.events(), threads, clock)),
                log,
                feedback,
                monitors,
                jobs,
                new DatasetDesk(registry, lake, clock),
                lake,
                clock);
        this.server = keep(HttpServer.start(options, services));
        jobs.serve(server.jobDoor());
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    /** What answers jobs. */
    JobDoor jobDoor() {
        return server.jobDoor();
    }

    void warmUp() {
        server.warmUp(() -> false);
    }

    /** What every route asks of its callers. */
    List<Rule> rules() {
        return server.rules();
    }

    /** What they say of themselves. */
    ApiDocument document() {
        return server.document();
    }

    Services services() {
        return services;
    }

    Registry registry() {
        return services.registry();
    }

    String url() {
        return server.url();
    }

    int port() {
        return server.port();
    }

    /** Runs the pipeline to its end; another {@code regularisation} gives another version. */
    String run(double regularisation) throws Exception {
        Path data = folder.resolve("customers.csv");
        if (!Files.exists(data)) {
            writeCustomers(data);
        }
        RunRequest request = new RunRequest("visits.yaml", folder, PIPELINE.formatted(regularisation), Map.of());
        Outcome outcome = desk.submit(request, RunListener.NONE).outcome().get();
        if (outcome.failure().isPresent()) {
            throw outcome.failure().get();
        }
        watch.follow(services.monitors());
        return outcome.summary().run();
    }

    /** Watches what serves now. */
    void follow() {
        watch.follow(services.monitors());
    }

    /** Judges what came so far. */
    void judge() {
        services.predictions().flush();
        services.monitors().tick(services.clock().instant());
    }

    private static void writeCustomers(Path file) throws IOException {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder("age,plan,spend,returned\n");
        for (int i = 0; i < 600; i++) {
            int age = 18 + random.nextInt(60);
            String plan = random.nextBoolean() ? "basic" : "plus";
            double spend = Math.round(random.nextDouble() * 10_000) / 100.0;
            double score = spend / 20 + (plan.equals("plus") ? 1 : 0) - age / 25.0 + random.nextGaussian();
            text.append(age).append(',').append(plan).append(',').append(spend).append(',');
            text.append(score > 1.5 ? "yes" : "no").append('\n');
        }
        Files.writeString(file, text);
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
