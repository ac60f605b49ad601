package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.registry.HomeLock;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunFilter;
import dev.millwright.registry.RunKind;
import dev.millwright.registry.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A command that trains, seen from the command line: followed, cancelled, and left behind by a process that was killed. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CommandRunTest {
    @TempDir
    Path folder;

    private Path home;
    private Path file;
    private final String seconds = "9" + (100_000 + new Random().nextInt(800_000)) + "." + System.nanoTime() % 1000;

    @BeforeEach
    void pipeline() throws IOException {
        home = folder.resolve("home");
        Customers.write(folder.resolve("customers.csv"), 400, 1);
        Files.writeString(
                folder.resolve("train.sh"),
                "(setsid sh -c 'sleep " + seconds + " & ' & ) ; echo \"ready at $MLFLOW_TRACKING_URI\"; sleep "
                        + seconds);
        file = Customers.write(folder.resolve("keep.yaml"), """
                pipeline: keep
                data: {customers: customers.csv}
                features: {sql: "SELECT spend, visits FROM customers"}
                label: churned = 'yes'
                train: {run: sh train.sh}
                """);
    }

    private OwnedHome own() {
        return OwnedHome.open(HomeLock.tryAcquire(home).orElseThrow(), 0, InstantSource.system());
    }

    private boolean sleeps() {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().arguments().stream())
                .flatMap(Stream::of)
                .anyMatch(seconds::equals);
    }

    private static List<Run> training(Registry registry) {
        return registry.runs()
                .list(RunFilter.ALL.kind(RunKind.TRAINING), 10, Optional.empty())
                .items();
    }

    @Test
    void isFollowedLive_andCancelledWithAllThatItStarted() throws Exception {
        try (OwnedHome owner = own()) {
            CompletableFuture<Invocation> run = new CompletableFuture<>();
            Thread.ofPlatform().daemon().start(() -> run.complete(Invocation.in(home, "run", file)));
            while (!sleeps()) {
                LockSupport.parkNanos(5_000_000);
            }
            String id = training(owner.registry()).getFirst().parentId().orElseThrow();

            Invocation cancelled = Invocation.in(home, "runs", "cancel", id.substring(0, 20), "--reason", "wrong data")
                    .exits(ExitCode.DONE);

            assertThat(cancelled.out()).contains("run " + id + " is cancelled");
            assertThat(sleeps()).isFalse();
            Invocation followed = run.get().exits(ExitCode.UNEXPECTED);
            assertThat(followed.err())
                    .contains("│ ready at " + owner.url())
                    .contains("the run was cancelled: wrong data. Go on with 'run --resume " + id + "'.");
            assertThat(training(owner.registry()).getFirst().status()).isEqualTo(RunStatus.KILLED);
            assertThat(Invocation.in(home, "runs", "cancel", id)
                            .exits(ExitCode.UNEXPECTED)
                            .err())
                    .contains("is killed (expected: a pipeline's run that waits or is under way)");
        }
        assertThat(Invocation.in(home, "runs", "cancel", "0123")
                        .exits(ExitCode.UNEXPECTED)
                        .err())
                .contains("Nothing runs, so there is nothing to cancel");
    }

    @Test
    void isEndedByTheNextOwner_whenItsOwnIsKilled() throws Exception {
        try (Child owner = Child.Launcher.make(folder).start("run", file, "--home", home)) {
            assertThat(owner.await("ready at http://")).as(owner.printed()).isTrue();
            owner.kill();
            assertThat(sleeps()).as("the command outlives its owner").isTrue();

            try (OwnedHome next = own()) {
                assertThat(sleeps()).isFalse();
                assertThat(training(next.registry()).getFirst().status()).isEqualTo(RunStatus.INTERRUPTED);
                assertThat(home.resolve("commands/processes")).isEmptyDirectory();
                assertThat(home.resolve("commands/work")).doesNotExist();
            }
        }
    }

    @Test
    void endsWithItsOwner_whenThatIsAskedToEnd() throws Exception {
        try (Child owner = Child.Launcher.make(folder).start("run", file, "--home", home)) {
            assertThat(owner.await("ready at http://")).as(owner.printed()).isTrue();

            owner.stop();

            assertThat(owner.printed()).contains("Go on with 'run --resume'");
            assertThat(sleeps()).isFalse();
            try (Registry registry = Registry.openReadOnly(home, InstantSource.system())) {
                assertThat(training(registry).getFirst().status()).isEqualTo(RunStatus.INTERRUPTED);
            }
        }
    }
}
