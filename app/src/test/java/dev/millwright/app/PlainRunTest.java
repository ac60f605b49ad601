package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.registry.Endpoint;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Rollout;
import dev.millwright.registry.RolloutStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that only does a run leaves what serves to servers. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PlainRunTest {
    private static final int ROWS = 1200;
    /** A stage that nobody calls ends after ten times that. */
    private static final String SOON_OVER = """
            deploy:
              endpoint: keep
              rollout: {canary: [25%, 100%], every: 1ms}
            monitor:
              drift: {window: 100 predictions, threshold: psi > 0.2}
              on_breach: retrain
            """;

    @TempDir
    Path folder;

    private Path home() {
        return folder.resolve("home");
    }

    private OwnedHome own() {
        return OwnedHome.open(HomeLock.tryAcquire(home()).orElseThrow(), 0, InstantSource.system());
    }

    private Endpoint endpoint() {
        try (Registry registry = Registry.open(home(), InstantSource.system())) {
            return registry.endpoints().load("keep");
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    private void run(String name, String more) {
        Path file = Customers.pipeline(folder.resolve(name + ".yaml"), more);
        Invocation.in(home(), "run", file).exits(ExitCode.DONE);
    }

    @Test
    void neitherAdvancesARollout_norWatches_whichAServerDoesAtOnce() {
        Customers.write(folder.resolve("customers.csv"), ROWS, 1);
        run("first", SOON_OVER);
        Customers.write(folder.resolve("customers.csv"), ROWS, 2);
        run("second", SOON_OVER);
        Rollout begun = endpoint().rollout();
        assertThat(begun.status()).isEqualTo(RolloutStatus.CANARY);

        Customers.write(folder.resolve("customers.csv"), ROWS, 3);
        run("third", ""); // takes thousands of times as long as the stage

        assertThat(endpoint().rollout()).isEqualTo(begun);
        try (OwnedHome owner = own()) {
            assertThat(owner.monitors().list()).isEmpty();
            assertThat(owner.deployments().rollouts().active()).hasSize(1);

            owner.serve();

            await(
                    "the end of the rollout",
                    () -> owner.deployments().rollouts().active().isEmpty());
            await("the monitor", () -> owner.monitors().list().size() == 1);
            assertThat(owner.registry().endpoints().load("keep").rollout().versions())
                    .singleElement()
                    .satisfies(served -> assertThat(served.version()).isEqualTo(2));
        }
    }
}
