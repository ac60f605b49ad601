package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.RunEvent;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.OwnerInfo;
import dev.millwright.registry.Registry;
import dev.millwright.registry.RegistryError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings over what another system holds. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Bring over an existing MLflow: experiments, runs with their metrics and files, logged models, and",
            "registered models. Can be stopped and made again at any time: it goes on where it was, and does",
            "nothing twice. The home must be free: stop its server first."
        },
        footer = {
            "",
            "Examples:",
            "  millwright import mlflow http://localhost:5000",
            "  millwright import mlflow mlflow.db --artifacts mlartifacts"
        })
final class ImportCommand implements Callable<Integer> {
    private static final String RUNS = "import";
    private static final int SHOWN = 20;

    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(index = "0", paramLabel = "KIND", description = "mlflow")
    private String kind = "";

    @Parameters(index = "1", paramLabel = "SOURCE", description = "The address of a server, or the file mlflow.db.")
    private String source = "";

    @Option(
            names = "--artifacts",
            paramLabel = "DIR",
            description = {
                "With a file: where the server kept what its clients sent it (default: the folder mlartifacts",
                "beside the file, if there is one)."
            })
    private @Nullable Path artifacts;

    ImportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (!kind.equals("mlflow")) {
            throw new InvalidInputException("KIND: " + kind + " (expected: mlflow)");
        }
        Path home = options.home();
        HomeLock lock = HomeLock.tryAcquire(home).orElseThrow(() -> held(home));
        ImportReport.Document report;
        try (lock;
                Registry registry = Registry.open(lock, InstantSource.system());
                MlflowSource from = open();
                ImportLedger ledger = ImportLedger.open(home, from.name())) {
            report = run(from, registry, ledger);
            registry.events()
                    .record(
                            "import.finished",
                            "mlflow",
                            Map.of(
                                    "source", from.name(),
                                    "runs", Long.toString(report.runs()),
                                    "versions", Long.toString(report.versions()),
                                    "not_brought",
                                            Integer.toString(report.notBrought().size())));
        }
        if (options.json()) {
            terminal.out().println(Json.pretty(report));
        } else {
            print(report);
        }
        return ExitCode.DONE.number();
    }

    private static MillwrightException held(Path home) {
        return new MillwrightException(
                RegistryError.HOME_IN_USE,
                "home: " + home + " is held by "
                        + OwnerInfo.find(home)
                                .map(owner -> "process " + owner.pid())
                                .orElse("another process")
                        + " (expected: a free home, for an import keeps ids and times, which no server lets a client set)."
                        + " Stop it, import, and start it again.");
    }

    private MlflowSource open() throws IOException {
        if (source.matches("https?://.*")) {
            MlflowServer server = MlflowServer.at(source, System.getenv());
            server.requireAnswer();
            return server;
        }
        Path file = Path.of(source);
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException(
                    "SOURCE: " + source
                            + " is no file (expected: the address of a running MLflow server, http://…, or the path of its mlflow.db)");
        }
        Path folder = Objects.requireNonNull(file.toRealPath().getParent(), "a file lies in a folder");
        Path beside = folder.resolve("mlartifacts");
        Optional<Path> served = Optional.ofNullable(artifacts)
                .map(given -> given.toAbsolutePath().normalize())
                .or(() -> Optional.of(beside).filter(Files::isDirectory));
        return MlflowDatabase.open(file, new MlflowFolders(folder, served));
    }

    private ImportReport.Document run(MlflowSource from, Registry registry, ImportLedger ledger) throws IOException {
        RunView view = new RunView(terminal, InstantSource.system());
        long total = from.countRuns();
        long started = System.nanoTime();
        view.on(new RunEvent.StepStarted(RUNS, 1, 1));
        try {
            ImportReport.Document report = new MlflowImport(from, registry, ledger)
                    .run(done -> view.on(new RunEvent.StepProgress(RUNS, "runs", done, total)))
                    .document();
            view.on(new RunEvent.StepFinished(
                    RUNS, (System.nanoTime() - started) / 1e9, false, report.runs() + " runs"));
            return report;
        } catch (IOException | UncheckedIOException | MillwrightException failed) {
            view.on(new RunEvent.StepFailed(RUNS, "stopped"));
            throw new MillwrightException(
                    RegistryError.NOT_WRITABLE,
                    "import: stopped: " + failed.getMessage()
                            + " (expected: a source that answers to the end). Make it again: it goes on where it was.",
                    failed);
        }
    }

    private void print(ImportReport.Document report) {
        report.mappedExperiments()
                .forEach(each -> terminal.out()
                        .println("experiment '" + Terminal.printable(each.experiment())
                                + "' was here already: its runs are in it (" + each.from() + " → " + each.to() + ")"));
        List<ImportReport.Left> left = report.notBrought();
        if (!left.isEmpty()) {
            terminal.out().println(terminal.yellow("not brought over:"));
            left.stream()
                    .limit(SHOWN)
                    .forEach(each -> terminal.out()
                            .println("  " + each.what() + " of " + Terminal.printable(each.of()) + ": "
                                    + Terminal.printable(each.why())));
            if (left.size() > SHOWN) {
                terminal.out().println("  and " + (left.size() - SHOWN) + " more: --json lists all");
            }
        }
        terminal.out()
                .println(String.format(
                        Locale.ROOT,
                        "%,d experiments, %,d runs (%,d more were here), %,d metric values, %,d files (%,.1f MB), %,d logged"
                                + " models, %,d registered models with %,d versions",
                        report.experiments(),
                        report.runs(),
                        report.runsFromBefore(),
                        report.metricValues(),
                        report.files(),
                        report.bytes() / 1e6,
                        report.loggedModels(),
                        report.registeredModels(),
                        report.versions()));
    }
}
