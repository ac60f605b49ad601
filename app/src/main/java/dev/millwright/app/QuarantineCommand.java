package dev.millwright.app;

import dev.millwright.core.DatasetVersion;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import dev.millwright.data.DuckDb;
import dev.millwright.data.Lake;
import dev.millwright.data.QuarantinedRow;
import dev.millwright.pipelines.HomeLayout;
import dev.millwright.pipelines.Text;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.Registry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the rows that were set aside when a dataset was read. */
@Command(
        name = "quarantine",
        mixinStandardHelpOptions = true,
        description =
                "Show the rows of a dataset that were set aside: where they come from, and what is wrong with them.",
        footer = {
            "",
            "Examples:",
            "  millwright data quarantine customers",
            "  millwright data quarantine customers --version 2 --json",
            "  millwright data quarantine customers --export broken.csv   to repair them, and take them in by 'data replay'"
        })
final class QuarantineCommand implements Callable<Integer> {
    private static final int LONGEST_ROW = 80;

    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(paramLabel = "DATASET", description = "Its name in the pipeline file.")
    private String dataset = "";

    @Option(names = "--version", paramLabel = "N", description = "Of the dataset (default: the newest).")
    private @Nullable Integer version;

    @Option(names = "--limit", paramLabel = "ROWS", defaultValue = "100", description = "Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
            names = "--export",
            paramLabel = "FILE",
            description =
                    "Write all of them into a file, CSV, TSV or JSON lines by its ending, to be repaired and replayed.")
    private @Nullable Path export;

    QuarantineCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        HomeLayout layout = new HomeLayout(options.home());
        RecordedDataset chosen;
        try (Registry registry = HomeReader.open(options.home())) {
            chosen = choose(registry);
        }
        try (DuckDb duck = new DuckDb(DuckDb.Settings.ofThisMachine(layout.temporary()));
                Lake lake = new Lake(layout.lake(), duck)) {
            DatasetVersion stored = lake.load(chosen.dataset(), chosen.snapshot());
            if (export == null) {
                print(chosen, lake.quarantine(stored, limit));
            } else {
                requireFree(export);
                lake.exportQuarantine(stored, "v" + chosen.version(), export.toAbsolutePath());
                printExport(chosen, export);
            }
        }
        return ExitCode.DONE.number();
    }

    private RecordedDataset choose(Registry registry) {
        List<RecordedDataset> versions = registry.datasets().versions(dataset);
        if (versions.isEmpty()) {
            List<String> known = registry.datasets().list().stream()
                    .map(RecordedDataset::dataset)
                    .distinct()
                    .toList();
            throw new InvalidInputException(
                    "dataset: " + dataset + " (expected: one that a run read)." + Words.suggestion(dataset, known));
        }
        Integer wanted = version;
        return versions.stream()
                .filter(each -> wanted == null || each.version() == wanted)
                .max((one, other) -> Integer.compare(one.version(), other.version()))
                .orElseThrow(() -> new InvalidInputException("--version: " + wanted + " (expected: one of "
                        + String.join(
                                ", ",
                                versions.stream()
                                        .map(each -> Integer.toString(each.version()))
                                        .toList())
                        + ")"));
    }

    private static void requireFree(Path file) {
        if (Files.exists(file)) {
            throw new InvalidInputException(
                    "--export: " + file + " is there already (expected: a new file, for repairs may be in that one)");
        }
    }

    private void printExport(RecordedDataset of, Path file) {
        if (options.json()) {
            terminal.out()
                    .println(Json.pretty(Map.of(
                            "dataset", of.dataset(),
                            "version", of.version(),
                            "exported", of.quarantined(),
                            "file", file.toAbsolutePath().toString())));
        } else {
            terminal.out()
                    .println(of.name() + ": " + Text.count(of.quarantined(), "row") + " written to " + file
                            + ". Repair them there, then: millwright data replay " + of.dataset() + " --file " + file);
        }
    }

    private void print(RecordedDataset of, List<QuarantinedRow> rows) {
        if (options.json()) {
            terminal.out()
                    .println(Json.pretty(Map.of(
                            "dataset",
                            of.dataset(),
                            "version",
                            of.version(),
                            "quarantined",
                            of.quarantined(),
                            "rows",
                            rows)));
            return;
        }
        if (rows.isEmpty()) {
            terminal.out().println(of.dataset() + " v" + of.version() + ": no row was set aside.");
            return;
        }
        terminal.table(
                List.of("FILE", "LINE", "REASON", "ROW"),
                rows.stream()
                        .map(row -> List.of(
                                String.valueOf(row.source().getFileName()),
                                Long.toString(row.line()),
                                row.reason(),
                                shortened(row.raw())))
                        .toList());
        if (of.quarantined() > rows.size()) {
            terminal.err().println(terminal.dim((of.quarantined() - rows.size()) + " more: raise --limit"));
        }
    }

    private static String shortened(String raw) {
        String line = raw.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= LONGEST_ROW ? line : line.substring(0, LONGEST_ROW - 1) + "…";
    }
}
