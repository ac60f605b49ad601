package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.ArtifactRoot;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.OwnerInfo;
import dev.millwright.registry.Registry;
import dev.millwright.registry.RegistryError;
import dev.millwright.registry.RegistryOptions;
import java.io.IOException;
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
                "Own the home: serve its endpoints and pages, watch them, retrain, roll out. Listens on this machine only,"
                        + " unless --host says otherwise.",
        footer = {
            "",
            "Examples:",
            "  millwright server --port 8750",
            "  millwright server --database postgresql://millwright@db.example/millwright",
            "  curl http://localhost:8750/v2/models",
            "  millwright server --ephemeral --port 0 --json     for tests: keeps nothing"
        })
final class ServerCommand implements Callable<Integer> {
    private final Terminal terminal;
    /** Everything is closed, and the process may go. */
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Mixin
    private AccessFlags access = new AccessFlags();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8750",
            description = "0 takes a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--ephemeral",
            description =
                    "Keep everything in memory and a temporary folder, gone at the end; POST /api/v1/reset empties it.")
    private boolean ephemeral;

    @Option(
            names = "--artifact-root",
            paramLabel = "URI",
            defaultValue = Registry.ARTIFACT_ROOT,
            description = {
                "Where clients keep the files of new experiments: with the server, or in a folder of this machine,",
                "file:///DIR, to which they write by themselves (default: ${DEFAULT-VALUE})."
            })
    private String artifactRoot = Registry.ARTIFACT_ROOT;

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

    @Option(
            names = "--model-memory",
            paramLabel = "SIZE",
            description = {
                "What the models in memory may take together, as 512m or 4g; beyond it those unused for longest are",
                "freed, and loaded again when they are asked (default: a quarter of the machine's memory)."
            })
    private @Nullable String modelMemory;

    @Option(
            names = "--longest-wait",
            paramLabel = "TIME",
            description = {
                "How long a request may have to wait for its model, as 20ms or 1s, judged by what runs took of late; one that",
                "would wait longer is answered with 429 at once (default: 1s)."
            })
    private @Nullable String longestWait;

    ServerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        try {
            if (ephemeral) {
                refuseHome();
                try (Scratch scratch = Scratch.make()) {
                    serve(scratch.folder(), Opening.Keeping.IN_MEMORY);
                }
            } else {
                serve(options.home(), Opening.Keeping.ON_DISK);
            }
        } finally {
            stopped.countDown();
        }
        return ExitCode.DONE.number();
    }

    private void refuseHome() {
        if (options.givenHome().isPresent()) {
            throw new InvalidInputException("--home: " + options.givenHome().get()
                    + " (expected: none with --ephemeral, which keeps nothing). Leave one of the two out.");
        }
    }

    private void serve(Path home, Opening.Keeping keeping) throws InterruptedException {
        Opening opening = new Opening(
                port,
                keeping,
                access.read(System.getenv()),
                RegistryOptions.DEFAULT
                        .at(DatabaseSetting.of(database, System.getenv()))
                        .with(ArtifactRoot.parse(artifactRoot, home))
                        .with(
                                syncMetrics
                                        ? RegistryOptions.Metrics.SURVIVE_POWER_LOSS
                                        : RegistryOptions.Metrics.SURVIVE_KILL),
                limits());
        HomeLock lock = HomeLock.tryAcquire(home).orElseThrow(() -> held(home));
        CountDownLatch stopping = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Threads.named("shutdown").newThread(() -> {
            stopping.countDown();
            try {
                stopped.await();
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
            }
        }));
        try (OwnedHome owned = OwnedHome.open(lock, opening, InstantSource.system())) {
            announce(owned, home);
            goOn(owned);
            owned.serve();
            stopping.await();
        }
    }

    private ServingLimits limits() {
        ServingLimits limits = ServingLimits.ofThisMachine();
        limits = modelMemory == null ? limits : limits.withModelMemory(modelMemory);
        return longestWait == null ? limits : limits.withLongestWait(longestWait);
    }

    private static MillwrightException held(Path home) {
        return new MillwrightException(
                RegistryError.HOME_IN_USE,
                "home: " + home + " is held by "
                        + OwnerInfo.find(home)
                                .map(owner -> "process " + owner.pid() + ", at http://127.0.0.1:" + owner.port())
                                .orElse("another process")
                        + " (expected: a free home). Stop that, or use --home DIR.");
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
                            "ephemeral",
                            ephemeral,
                            "pid",
                            ProcessHandle.current().pid())));
        } else {
            String what = ephemeral ? "what it keeps in memory" : home.toString();
            terminal.out()
                    .println("Millwright " + Version.CURRENT + " serves " + what + " at " + terminal.bold(owned.url()));
        }
        terminal.out().flush();
    }
}
