package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.RunEvent;
import dev.millwright.pipelines.RunListener;
import dev.millwright.pipelines.RunRequest;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.Endpoint;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.OwnerInfo;
import dev.millwright.registry.Registry;
import dev.millwright.registry.RolloutStatus;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunArtifact;
import dev.millwright.registry.RunFilter;
import dev.millwright.registry.RunStatus;
import dev.millwright.registry.Step;
import dev.millwright.registry.StepStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process is killed fifty times, spread over every step of a run, over starting, serving and rolling out. Afterwards
 * nothing that was acknowledged is lost, nothing is half-written, and the models are those of runs that nobody killed.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class KillTest {
    private static final int KILLS = 50;
    private static final int ROWS = 2000;
    private static final int SERIES = 3;
    private static final int LONGEST_STEP_MILLIS = 300;
    private static final String DEPLOYMENT = """
            gate:
              - roc_auc >= 0.6
            deploy:
              endpoint: keep
              rollout: {canary: [50%, 100%], every: 1s, minimum_requests: 1}
            """;

    @TempDir
    Path folder;

    @Test
    void losesNothingAcknowledged_whereverTheProcessIsKilled() throws Exception {
        for (int series = 1; series <= SERIES; series++) {
            Customers.write(folder.resolve("customers-" + series + ".csv"), ROWS, series);
        }
        Path pipeline = Customers.pipeline(folder.resolve("keep.yaml"), DEPLOYMENT);
        Child.Launcher launcher = Child.Launcher.make(folder);
        Map<String, String> models = modelsThatNobodyDisturbed(launcher, pipeline);

        KilledRuns runs = new KilledRuns(launcher, folder.resolve("runs"), pipeline, new Random(11));
        KilledServers servers = new KilledServers(launcher, folder.resolve("servers"), pipeline, new Random(12));
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            Future<Integer> first = both.submit(runs::killAll);
            Future<Integer> second = both.submit(servers::killAll);
            assertThat(first.get() + second.get()).as("kills").isEqualTo(KILLS);
        }

        assertWhole(runs.home, runs.acknowledged, models);
        assertWhole(servers.home, servers.acknowledged, models);
        assertThat(labels(servers.home)).as("labels after the kills").containsAllEntriesOf(servers.labels);
        assertThat(servers.labels).as("labels that were acknowledged").isNotEmpty();
    }

    /** The hash of the model by the data that it was made from. */
    private Map<String, String> modelsThatNobodyDisturbed(Child.Launcher launcher, Path pipeline) throws Exception {
        Path home = folder.resolve("undisturbed");
        try (Child child = launcher.rehearse("run", pipeline, "--set", data(1), "--home", home)) {
            assertThat(child.exitCode()).as(child.printed()).isZero();
        }
        for (int series = 2; series <= SERIES; series++) {
            Invocation.in(home, "run", pipeline, "--set", data(series)).exits(ExitCode.DONE);
        }
        try (Registry registry = Registry.openReadOnly(home, InstantSource.system())) {
            Map<String, String> models = new HashMap<>();
            registry.models()
                    .versions("keep")
                    .forEach(version -> models.put(dataOf(registry, version), graph(version)));
            assertThat(models).hasSize(SERIES);
            return models;
        }
    }

    private String data(int series) {
        return "DATA=" + folder.resolve("customers-" + series + ".csv");
    }

    private static String dataOf(Registry registry, ModelVersion version) {
        return String.valueOf(
                registry.steps().load(version.requireRunId()).settings().get("DATA"));
    }

    private static String graph(ModelVersion version) {
        return Optional.ofNullable(version.artifacts().get("model.onnx"))
                .orElseThrow()
                .sha256();
    }

    private static void assertWhole(Path home, Set<String> acknowledged, Map<String, String> models) {
        try (Registry registry = Registry.openReadOnly(home, InstantSource.system())) {
            assertThat(registry.events().verify().firstBroken())
                    .as("a break in the event chain")
                    .isEmpty();
            assertThat(acknowledged).as("acknowledged runs").isNotEmpty();
            for (String id : acknowledged) {
                assertThat(registry.runs().load(id).status()).as("run " + id).isEqualTo(RunStatus.FINISHED);
            }
            for (Run run :
                    registry.runs().list(RunFilter.ALL, 1000, Optional.empty()).items()) {
                assertThat(run.status()).as("status of " + run).isNotEqualTo(RunStatus.RUNNING);
                assertStepsWhole(registry, run);
                registry.runs().artifacts(run.id()).stream()
                        .map(RunArtifact::artifact)
                        .forEach(registry.artifacts()::verify);
            }
            List<ModelVersion> versions = registry.models().versions("keep");
            assertThat(versions).as("one version for each set of data").hasSize(SERIES);
            for (ModelVersion version : versions) {
                for (Artifact artifact : version.artifacts().values()) {
                    registry.artifacts().verify(artifact);
                }
                assertThat(graph(version))
                        .as("the model made from " + dataOf(registry, version))
                        .isEqualTo(models.get(dataOf(registry, version)));
            }
        }
    }

    private static void assertStepsWhole(Registry registry, Run run) {
        for (Step step : registry.steps().list(run.id())) {
            assertThat(step.status()).as("step " + step).isNotEqualTo(StepStatus.RUNNING);
            if (run.status() == RunStatus.FINISHED) {
                assertThat(step.outputs()).as("outputs of " + step).isPresent();
            }
        }
    }

    private static Map<String, Object> row() {
        return Map.of("spend", 20.0, "visits", 25, "plan", "basic", "city", "Oslo");
    }

    private static Map<String, String> labels(Path home) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("feedback.db"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT key, label FROM feedback")) {
            Map<String, String> labels = new HashMap<>();
            while (row.next()) {
                labels.put(row.getString(1), row.getString(2));
            }
            return labels;
        }
    }

    /** Runs by {@code run} and {@code run --resume}: killed as a step begins, within it, and right after it. */
    private final class KilledRuns {
        final Path home;
        final Set<String> acknowledged = new LinkedHashSet<>();
        private final Child.Launcher launcher;
        private final Path pipeline;
        private final Random random;

        KilledRuns(Child.Launcher launcher, Path home, Path pipeline, Random random) {
            this.launcher = launcher;
            this.home = home;
            this.pipeline = pipeline;
            this.random = random;
        }

        int killAll() throws Exception {
            int kills = 0;
            for (int series = 1; series <= SERIES; series++) {
                Optional<String> interrupted = Optional.empty();
                boolean begun = false;
                for (String step : Customers.STEPS) {
                    try (Child child = begun ? resume(interrupted) : begin(series)) {
                        kill(child, series, step);
                        kills++;
                        acknowledged.addAll(child.acknowledgedRuns());
                        if (!child.acknowledgedRuns().isEmpty()) {
                            interrupted = child.acknowledgedRuns().stream().findFirst();
                        }
                        begun = !child.printed().contains("keep finished") && hasInterrupted();
                    }
                }
                if (begun) {
                    Invocation.in(home, "run", "--resume").exits(ExitCode.DONE);
                } else {
                    Invocation.in(home, "run", pipeline, "--set", data(series)).exits(ExitCode.DONE);
                }
            }
            return kills;
        }

        private Child begin(int series) throws IOException {
            return launcher.start("run", pipeline, "--set", data(series), "--home", home);
        }

        private Child resume(Optional<String> run) throws IOException {
            return run.isPresent()
                    ? launcher.start("run", "--resume", run.get(), "--home", home)
                    : launcher.start("run", "--resume", "--home", home);
        }

        private void kill(Child child, int series, String step) throws InterruptedException {
            boolean seen = child.await((series == 3 ? "✓ " : "… ") + step);
            assertThat(seen)
                    .as("'%s' is reached; printed: %s", step, child.printed())
                    .isTrue();
            if (series == 2) {
                child.letGoOn(Duration.ofMillis(random.nextInt(LONGEST_STEP_MILLIS)));
            }
            child.kill();
        }

        /** Whether a run is on record that did not end: the kill may have come before the first one was. */
        private boolean hasInterrupted() {
            if (!Files.exists(home.resolve("state.db"))) {
                return false;
            }
            try (Registry registry = Registry.openReadOnly(home, InstantSource.system())) {
                return registry.runs().list(RunFilter.ALL, 100, Optional.empty()).items().stream()
                        .anyMatch(run -> run.status() == RunStatus.RUNNING
                                && run.parentId().isEmpty());
            }
        }
    }

    /** Servers: killed as they start, at each step of a run that was handed to them, while labels come, while rolling out. */
    private final class KilledServers {
        private static final int WHILE_STARTING = 4;
        private static final int WHILE_LABELLED = 6;
        private static final int WHILE_ROLLING_OUT = 4;

        final Path home;
        final Set<String> acknowledged = new LinkedHashSet<>();
        final Map<String, String> labels = new ConcurrentHashMap<>();
        private final Child.Launcher launcher;
        private final Path pipeline;
        private final Random random;
        private int kills;

        KilledServers(Child.Launcher launcher, Path home, Path pipeline, Random random) {
            this.launcher = launcher;
            this.home = home;
            this.pipeline = pipeline;
            this.random = random;
        }

        int killAll() throws Exception {
            for (int i = 0; i < WHILE_STARTING; i++) {
                try (Child server = launcher.start("server", "--port", "0", "--home", home)) {
                    server.letGoOn(Duration.ofMillis(random.nextInt(1500)));
                    kill(server);
                }
            }
            String run = killAtEachStep();
            killWhileLabelled();
            killWhileRollingOut();
            try (Child server = serve()) {
                follow(run, event -> {}); // what came before the last kills can still be asked for
                assertThat(server.stop()).as(server.printed()).isLessThan(256);
            }
            return kills;
        }

        private void kill(Child server) throws InterruptedException {
            server.kill();
            kills++;
        }

        private Child serve() throws Exception {
            Child server = launcher.start("server", "--port", "0", "--home", home);
            assertThat(server.await("serves"))
                    .as("the server starts: %s", server.printed())
                    .isTrue();
            return server;
        }

        private OwnerClient client() {
            return new OwnerClient(OwnerInfo.find(home).orElseThrow());
        }

        private String submit(int series) throws IOException {
            String run = client().submit(new RunRequest(
                    "keep.yaml",
                    folder,
                    Files.readString(pipeline),
                    Map.of(
                            "DATA",
                            folder.resolve("customers-" + series + ".csv").toString())));
            acknowledged.add(run);
            return run;
        }

        /** Only the first server is handed the run: each later one goes on with it by itself. */
        private String killAtEachStep() throws Exception {
            String run = "";
            for (String step : Customers.STEPS) {
                try (Child server = serve()) {
                    run = run.isEmpty() ? submit(1) : run;
                    CompletableFuture<Boolean> begun = new CompletableFuture<>();
                    String followed = run;
                    Thread.ofPlatform().daemon().start(() -> {
                        follow(followed, event -> {
                            if (event instanceof RunEvent.StepStarted started
                                    && started.step().equals(step)) {
                                begun.complete(true);
                            }
                        });
                        begun.complete(false);
                    });
                    assertThat(begun.get(3, TimeUnit.MINUTES))
                            .as("'%s' is reached: %s", step, server.printed())
                            .isTrue();
                    server.letGoOn(Duration.ofMillis((long) random.nextInt(2) * random.nextInt(LONGEST_STEP_MILLIS)));
                    kill(server);
                }
            }
            try (Child server = serve()) {
                follow(run, event -> {});
                awaitFinished(run);
                server.stop();
            }
            return run;
        }

        /** Returns when the run has ended or the server is gone. */
        private void follow(String run, RunListener listener) {
            OwnerClient client = client();
            for (int attempt = 0; attempt < 200; attempt++) {
                try {
                    if (client.follow(run, listener).isPresent() || hasEnded(run)) {
                        return;
                    }
                } catch (MillwrightException gone) {
                    return;
                }
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }

        private boolean hasEnded(String run) {
            try (Registry registry = Registry.openReadOnly(home, InstantSource.system())) {
                return registry.runs().load(run).status() == RunStatus.FINISHED;
            }
        }

        private void awaitFinished(String run) {
            await("run " + run + " finishes", () -> hasEnded(run));
        }

        private void killWhileLabelled() throws Exception {
            for (int i = 0; i < WHILE_LABELLED; i++) {
                try (Child server = serve()) {
                    AtomicBoolean alive = new AtomicBoolean(true);
                    int before = labels.size();
                    List<Thread> callers = new ArrayList<>();
                    for (int caller = 0; caller < 2; caller++) {
                        callers.add(Thread.ofPlatform().daemon().start(() -> label(alive)));
                    }
                    await("labels come", () -> labels.size() > before + 2);
                    server.letGoOn(Duration.ofMillis(random.nextInt(LONGEST_STEP_MILLIS)));
                    kill(server);
                    alive.set(false);
                    for (Thread caller : callers) {
                        caller.join();
                    }
                }
            }
        }

        /** Predicts and tells what turned out to be true; keeps what was acknowledged. */
        private void label(AtomicBoolean alive) {
            OwnerClient client = client();
            try {
                while (alive.get()) {
                    JsonNode prediction = client.post("/endpoints/keep/events", row());
                    String id = prediction
                            .path("predictions")
                            .path(0)
                            .path("prediction_id")
                            .asText();
                    client.post("/endpoints/keep/feedback", Map.of("prediction_id", id, "label", "true"));
                    labels.put("id " + id, "true");
                }
            } catch (OwnerClient.OwnerGone killed) {
                alive.set(false);
            }
        }

        private void killWhileRollingOut() throws Exception {
            for (int i = 0; i < WHILE_ROLLING_OUT; i++) {
                try (Child server = serve()) {
                    if (i == 0) {
                        awaitFinished(submit(2));
                    }
                    if (i == 2) {
                        awaitFinished(submit(3));
                    }
                    server.letGoOn(Duration.ofMillis(random.nextInt(1500)));
                    kill(server);
                }
            }
            try (Child server = serve()) {
                await("the rollout ends", () -> endpoint().rollout().status() == RolloutStatus.STEADY);
                server.stop();
            }
            assertThat(endpoint().rollout().versions())
                    .as("versions that serve")
                    .hasSize(1);
        }

        private Endpoint endpoint() {
            try (Registry registry = Registry.openReadOnly(home, InstantSource.system())) {
                return registry.endpoints().load("keep");
            }
        }

        private void await(String what, BooleanSupplier condition) {
            long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
            while (!condition.getAsBoolean()) {
                assertThat(System.nanoTime()).as(what).isLessThan(deadline);
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }
}
