package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.pipelines.RunDesk.Ticket;
import dev.millwright.pipelines.RunEvent;
import dev.millwright.pipelines.RunRequest;
import dev.millwright.registry.EventFilter;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.Registry;
import dev.millwright.registry.RunFilter;
import dev.millwright.registry.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several callers and one home: one process owns it, the others work through it, and take over when it is gone. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SharedHomeTest {
    private static final int ROWS = 1200;

    @TempDir
    Path folder;

    private Path home;
    private Path file;

    @BeforeEach
    void pipeline() {
        home = folder.resolve("home");
        Customers.write(folder.resolve("customers.csv"), ROWS, 1);
        file = Customers.pipeline(folder.resolve("keep.yaml"), "deploy:\n  endpoint: keep\n");
    }

    private OwnedHome own() {
        return OwnedHome.open(HomeLock.tryAcquire(home).orElseThrow(), 0, InstantSource.system());
    }

    private RunRequest request() {
        try {
            return new RunRequest("keep.yaml", folder, Files.readString(file), Map.of());
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static CompletableFuture<Invocation> inBackground(Callable<Invocation> call) {
        CompletableFuture<Invocation> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                result.complete(call.call());
            } catch (Exception failed) {
                result.completeExceptionally(failed);
            }
        });
        return result;
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    @Test
    void handsRunsPredictionsAndRollbacksToTheOwner() {
        try (OwnedHome owner = own()) {
            Invocation run = Invocation.in(home, "run", file, "--json").exits(ExitCode.DONE);
            assertThat(run.err()).contains("holds this home and does the work").contains("✓ train xgboost");
            JsonNode summary = run.json();
            assertThat(summary.path("status").asText()).isEqualTo("finished");
            assertThat(owner.desk().find(summary.path("run").asText())).isPresent();

            assertThat(Invocation.in(home, "rollback", "keep")
                            .exits(ExitCode.UNEXPECTED)
                            .err())
                    .contains("earlier");
            Invocation gate = Invocation.in(
                    home,
                    "run",
                    Customers.pipeline(folder.resolve("hard.yaml"), "gate:\n  - roc_auc >= 0.999\n"),
                    "--json");
            gate.exits(ExitCode.GATE_REFUSED);
            assertThat(gate.json().path("status").asText()).isEqualTo("refused");
            Path wrong = Customers.write(
                    folder.resolve("wrong.yaml"), request().text().replace("spend", "spent"));
            Invocation invalid = Invocation.in(home, "run", wrong, "--json").exits(ExitCode.WRONG_INPUT);
            assertThat(invalid.json().path("error").path("problems").path(0).asText())
                    .contains("wrong.yaml:5:")
                    .contains("'spend'");
        }
    }

    @Test
    void predictsAlike_withAndWithoutAServer() {
        Invocation.in(home, "run", file).exits(ExitCode.DONE);
        String rows = "[" + Customers.ROW + ", {\"spend\": 80.5, \"visits\": null, \"plan\": \"pro\", \"city\": null}]";

        JsonNode alone = Invocation.in(home, "predict", "keep", rows, "--json")
                .exits(ExitCode.DONE)
                .json();
        try (OwnedHome owner = own()) {
            assertThat(owner.url()).startsWith("http://");
            JsonNode served = Invocation.in(home, "predict", "keep", rows, "--json")
                    .exits(ExitCode.DONE)
                    .json();
            assertThat(served).isEqualTo(alone);
        }
        assertThat(alone.path("predictions")).hasSize(2);
    }

    @Test
    void saysWhoHasTheHome_whenAServerCannot() {
        try (OwnedHome owner = own()) {
            Invocation refused = Invocation.in(home, "server", "--port", "0", "--json");

            refused.exits(ExitCode.UNEXPECTED);
            assertThat(refused.json().path("error").path("code").asText()).isEqualTo("HOME_IN_USE");
            assertThat(refused.err())
                    .contains("process " + ProcessHandle.current().pid())
                    .contains(owner.url());
        }
    }

    @Test
    void leavesTheHomeFree_whenThePortIsTaken() {
        try (OwnedHome owner = own()) {
            int port = Integer.parseInt(owner.url().replaceAll(".*:", ""));
            Path other = folder.resolve("other");

            Invocation refused = Invocation.in(other, "server", "--port", port);

            assertThat(refused.code()).isNotZero();
            assertThat(refused.err()).contains("port: " + port);
            Optional<HomeLock> lock = HomeLock.tryAcquire(other);
            assertThat(lock).as("the lock of the other home").isPresent();
            lock.orElseThrow().close();
        }
    }

    @Test
    void doesTwoRunsAtOnce() throws Exception {
        Path second =
                Customers.write(folder.resolve("second.yaml"), request().text().replace("keep", "stay"));

        List<CompletableFuture<Invocation>> both = List.of(
                inBackground(() -> Invocation.in(home, "run", file, "--json")),
                inBackground(() -> Invocation.in(home, "run", second, "--json")));

        for (CompletableFuture<Invocation> run : both) {
            Invocation done = run.get().exits(ExitCode.DONE);
            assertThat(done.json().path("status").asText()).isEqualTo("finished");
        }
        assertThat(Invocation.in(home, "endpoints", "--json").json().findValuesAsText("name"))
                .containsExactlyInAnyOrder("keep", "stay");
        assertNothingRuns();
    }

    @Test
    void takesTheRunOver_whenItsOwnerEnds() throws Exception {
        OwnedHome owner = own();
        CompletableFuture<Invocation> run = inBackground(() -> Invocation.in(home, "run", file, "--json"));
        await(
                "the run begins",
                () -> owner.registry()
                                .runs()
                                .list(RunFilter.ALL.status(RunStatus.RUNNING), 10, Optional.empty())
                                .items()
                                .size()
                        > 0);

        owner.close();

        Invocation done = run.get().exits(ExitCode.DONE);
        assertThat(done.json().path("status").asText()).isEqualTo("finished");
        assertThat(Invocation.in(home, "endpoints").out()).contains("v1 100 %");
        assertNothingRuns();
    }

    private void assertNothingRuns() {
        try (Registry registry = Registry.openReadOnly(home, InstantSource.system())) {
            assertThat(registry.runs()
                            .list(RunFilter.ALL.status(RunStatus.RUNNING), 10, Optional.empty())
                            .items())
                    .isEmpty();
        }
    }

    /** A run that its process ended as the step began. */
    private String interrupted(String step) throws Exception {
        CompletableFuture<Boolean> begun = new CompletableFuture<>();
        OwnedHome owner = own();
        Ticket ticket = owner.desk().submit(request(), event -> {
            if (event instanceof RunEvent.StepStarted started && started.step().equals(step)) {
                owner.desk().close();
                begun.complete(true);
            }
        });
        begun.get(2, TimeUnit.MINUTES);
        assertThat(ticket.outcome().get(2, TimeUnit.MINUTES).summary().status()).isEqualTo("interrupted");
        owner.close();
        return ticket.run();
    }

    @Test
    void goesOnByItself_withWhatWasInterrupted() throws Exception {
        String run = interrupted("train xgboost");
        assertThat(Invocation.in(home, "runs").out()).contains("interrupted");

        try (OwnedHome owner = own()) {
            List<Ticket> resumed = owner.desk().resumeInterrupted();
            assertThat(resumed).extracting(Ticket::run).containsExactly(run);
            assertThat(resumed.getFirst().outcome().get(2, TimeUnit.MINUTES).summary())
                    .satisfies(summary -> {
                        assertThat(summary.status()).isEqualTo("finished");
                        assertThat(summary.reused()).contains("ingest customers", "features");
                    });
            assertThat(owner.desk().resumeInterrupted()).isEmpty();
        }
    }

    @Test
    void serves_whenAnInterruptedRunCannotGoOn() throws Exception {
        String run = interrupted("features");
        Files.delete(folder.resolve("customers.csv"));

        try (OwnedHome owner = own()) {
            assertThat(owner.desk().resumeInterrupted()).isEmpty();
            assertThat(owner.registry()
                            .events()
                            .list(EventFilter.newest()
                                    .type("resumption.refused")
                                    .limit(5)))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.subject()).isEqualTo(run);
                        assertThat(event.data().get("reason")).contains("customers.csv");
                    });
        }
    }

    @Test
    void leavesAnInterruptedRunBe_thatALaterOneReplaced() throws Exception {
        interrupted("features");
        Invocation.in(home, "run", file).exits(ExitCode.DONE);

        try (OwnedHome owner = own()) {
            assertThat(owner.desk().resumeInterrupted()).isEmpty();
        }
    }

    @Test
    void registersTheModelOfTheNewData_whenItChangedBeforeTheRunWentOn() throws Exception {
        String run = interrupted("parity"); // version 1 is registered
        Customers.write(folder.resolve("customers.csv"), ROWS, 2);

        Invocation resumed =
                Invocation.in(home, "run", "--resume", run, "--json").exits(ExitCode.DONE);

        assertThat(resumed.json().path("model").path("version").asInt()).isEqualTo(2);
        assertThat(resumed.json().path("datasets").path(0).path("version").asInt())
                .isEqualTo(2);
    }
}
