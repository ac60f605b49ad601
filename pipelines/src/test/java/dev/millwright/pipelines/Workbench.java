package dev.millwright.pipelines;

import dev.millwright.data.DuckDb;
import dev.millwright.data.Lake;
import dev.millwright.registry.ArtifactRoot;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Registry;
import dev.millwright.serving.PredictionSink;
import dev.millwright.serving.Router;
import dev.millwright.serving.RouterOptions;
import dev.millwright.serving.remote.RemoteModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A home for one test: its state in memory, its lake in a folder, and a clock that moves when it is told to. */
final class Workbench implements AutoCloseable {
    static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    final Path folder;
    final Clock clock = new Clock();
    final Registry registry;
    final DuckDb duck;
    final Lake lake;
    final Workshop workshop;
    final PipelineRuns runs;
    private Router router;
    private Deployments deployments;

    Workbench(Path folder) {
        this(folder, ArtifactRoot.SERVER);
    }

    Workbench(Path folder, ArtifactRoot root) {
        this.registry = Registry.inMemory(root, clock);
        this.folder = folder.toAbsolutePath();
        this.duck = new DuckDb(new DuckDb.Settings(1000, 2, folder.resolve("tmp")));
        this.lake = new Lake(folder.resolve("lake"), duck, clock);
        this.router = router();
        this.deployments = new Deployments(registry, router, noServers(), clock);
        this.workshop = new Workshop(
                new HomeLayout(this.folder),
                duck,
                lake,
                registry,
                deployments,
                run -> Map.of(TrackingAccess.URI, "http://127.0.0.1:8750"),
                clock);
        this.runs = new PipelineRuns(workshop);
    }

    static RemoteModels noServers() {
        return new RemoteModels(
                (target, backend, form) -> {
                    throw new IllegalStateException(backend + ": no other servers in this test");
                },
                Runnable::run,
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().factory()),
                System::nanoTime,
                new Random(5));
    }

    private Router router() {
        return new Router(
                RouterOptions.forCores(1, 7),
                PredictionSink.NONE,
                clock,
                () -> clock.instant().toEpochMilli() * 1_000_000,
                Runnable::run);
    }

    /** Time as the test says it is. */
    static final class Clock implements InstantSource {
        private volatile Instant now = START;

        @Override
        public Instant instant() {
            return now;
        }

        void advance(Duration duration) {
            now = now.plus(duration);
        }
    }

    Router routes() {
        return router;
    }

    Deployments deployments() {
        return deployments;
    }

    /** What a restart does: a new router, filled from the registry. Runs go on with the old one, so end them before. */
    void restart() {
        router.close();
        router = router();
        deployments = new Deployments(registry, router, noServers(), clock);
        deployments.restore();
    }

    PipelineRuns.Outcome run(String text, Map<String, String> settings) {
        return runs.follow(runs.start(request(text, settings)), RunListener.NONE);
    }

    PipelineRuns.Outcome run(String text) {
        return run(text, Map.of());
    }

    RunRequest request(String text, Map<String, String> settings) {
        return new RunRequest("pipeline.yaml", folder, text, settings);
    }

    ModelVersion version(int number) {
        return registry.models().load("customers", number);
    }

    void write(String name, String content) {
        try {
            Files.writeString(folder.resolve(name), content);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Customers of whom those with a high {@code use} and a low {@code age} leave, as a rule. */
    void writeCustomers(int rows, long seed) {
        Random random = new Random(seed);
        write(
                "customers.csv",
                "id,age,use,plan,churned\n"
                        + IntStream.range(0, rows)
                                .mapToObj(row -> customer(row, random))
                                .collect(Collectors.joining()));
    }

    private static String customer(int row, Random random) {
        int age = 18 + random.nextInt(60);
        double use = random.nextDouble() * 10;
        boolean leaves = use - age / 10.0 + random.nextGaussian() > 0;
        return String.format(
                Locale.ROOT,
                "c%d,%d,%.3f,%s,%s%n",
                row,
                age,
                use,
                random.nextBoolean() ? "a" : "b",
                leaves ? "yes" : "no");
    }

    /** A pipeline over the customers; {@code gates} is a YAML list. */
    static String customers(String gates) {
        return """
                pipeline: customers
                data:
                  customers: {from: customers.csv, expect: [age > 0]}
                features:
                  entity: id
                  sql: SELECT id, age, use, plan FROM customers
                label: churned
                train:
                  learners: [logistic_regression]
                gate: %s
                deploy: {endpoint: customers}
                """.formatted(gates);
    }

    @Override
    public void close() {
        router.close();
        lake.close();
        duck.close();
        registry.close();
    }
}
