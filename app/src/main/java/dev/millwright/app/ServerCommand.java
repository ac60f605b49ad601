package dev.millwright.app;

import dev.millwright.core.MillwrightException;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.OwnerInfo;
import dev.millwright.registry.RegistryError;
import dev.millwright.registry.StateOptions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves, watches and retrains until it is stopped. */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        description =
                "Own the home: serve its endpoints and pages, watch them, retrain, roll out. Listens on this machine only.",
        footer = {
            "",
            "Examples:",
            "  millwright server --port 8750",
            "  millwright server --database postgresql://millwright@db.example/millwright",
            "  curl http://localhost:8750/v2/models"
        })
final class ServerCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8750",
            description = "0 takes a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--database",
            paramLabel = "URL",
            description =
                    "Keep the state in PostgreSQL: postgresql://USER@HOST/DATABASE. The home remembers it; the password"
                            + " is taken from the URL, $PGPASSWORD or ~/.pgpass (default: $MILLWRIGHT_DATABASE, else the"
                            + " file state.db in the home).")
    private @Nullable String database;

    @Option(
            names = "--sync-metrics",
            description =
                    "Let metrics, too, survive a power loss once they are acknowledged. In PostgreSQL they always do.")
    private boolean syncMetrics;

    ServerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Path home = options.home();
        StateOptions state = StateOptions.DEFAULT
                .at(DatabaseSetting.of(database, System.getenv()))
                .with(syncMetrics ? StateOptions.Metrics.SURVIVE_POWER_LOSS : StateOptions.Metrics.SURVIVE_KILL);
        HomeLock lock = HomeLock.tryAcquire(home)
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.HOME_IN_USE,
                        "home: " + home + " is held by "
                                + OwnerInfo.find(home)
                                        .map(owner ->
                                                "process " + owner.pid() + ", at http://127.0.0.1:" + owner.port())
                                        .orElse("another process")
                                + " (expected: a free home). Stop that, or use --home DIR."));
        CountDownLatch stopping = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Threads.named("shutdown").newThread(() -> {
            stopping.countDown();
            try {
                stopped.await();
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
            }
        }));
        try (OwnedHome owned = OwnedHome.open(lock, state, port, InstantSource.system())) {
            announce(owned, home);
            goOn(owned);
            owned.serve();
            stopping.await();
        } finally {
            stopped.countDown();
        }
        return ExitCode.DONE.number();
    }

    /** Takes up the runs that were under way when the last owner ended. */
    private void goOn(OwnedHome owned) {
        owned.desk()
                .resumeInterrupted()
                .forEach(ticket -> terminal.err().println(terminal.dim("going on with run " + ticket.run())));
    }

    private void announce(OwnedHome owned, Path home) {
        if (options.json()) {
            terminal.out()
                    .println(Json.pretty(Map.of(
                            "url",
                            owned.url(),
                            "home",
                            home.toString(),
                            "pid",
                            ProcessHandle.current().pid())));
        } else {
            terminal.out()
                    .println("Millwright " + Version.CURRENT + " serves " + home + " at " + terminal.bold(owned.url()));
        }
        terminal.out().flush();
    }
}
