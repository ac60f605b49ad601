package dev.millwright.app;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.millwright.core.Column;
import dev.millwright.data.Contract;
import dev.millwright.data.DatasetReport;
import dev.millwright.data.ExpectationResult;
import dev.millwright.data.VersionDetails;
import dev.millwright.pipelines.DatasetStore;
import dev.millwright.pipelines.Text;
import dev.millwright.registry.DatasetReference;
import dev.millwright.registry.DatasetUse;
import dev.millwright.registry.RecordedDataset;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows one version of a dataset. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Show a version of a dataset: its columns, files and checks, and what was made from it.",
        footer = {
            "",
            "Examples:",
            "  millwright data show customers                     the newest version",
            "  millwright data show customers@v3 --json",
            "  millwright data show customers@2026-11-01T12:00Z   the newest one at that time"
        })
final class DataShowCommand implements Callable<Integer> {
    private static final int RUNS = 5;

    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(
            paramLabel = "DATASET[@VERSION]",
            description = "VERSION is a number (v3), a tag or a time; the newest if left out.")
    private String version = "";

    DataShowCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** All that is known of a version. */
    private record Shown(
            RecordedDataset recorded,
            List<String> tags,
            VersionDetails stored,
            @JsonRawValue String contract,
            DatasetReport report,
            DatasetUse use) {}

    @Override
    public Integer call() {
        DatasetReference reference = DatasetReference.parse(version);
        try (HomeDatasets datasets = HomeDatasets.open(options.home())) {
            DatasetStore store = datasets.store();
            DatasetStore.Stored found = store.load(reference);
            Contract contract = store.lake().contract(found.version());
            Shown shown = new Shown(
                    found.recorded(),
                    store.registry().datasets().tags().on(found.recorded()),
                    store.lake().details(found.version()),
                    contract.json(),
                    store.lake().report(found.version()),
                    store.registry().datasets().useOf(found.recorded()));
            if (options.json()) {
                terminal.out().println(Json.pretty(shown));
            } else {
                print(found.name(), shown, contract);
            }
        }
        return ExitCode.DONE.number();
    }

    private void print(String name, Shown shown, Contract contract) {
        RecordedDataset recorded = shown.recorded();
        VersionDetails stored = shown.stored();
        terminal.out().println(terminal.bold(name) + "  recorded " + Times.stamp(recorded.recorded()));
        terminal.out()
                .println("rows   " + Text.number(recorded.rows()) + " of " + Text.number(recorded.rowsRead())
                        + " read, " + Text.number(recorded.quarantined()) + " quarantined");
        terminal.out()
                .println("files  " + stored.files().size() + ", " + Text.bytes(stored.bytes())
                        + words(", parted by ", stored.layout().partitions())
                        + words(", sorted by ", stored.layout().sortBy()) + "; Iceberg snapshot "
                        + recorded.snapshot());
        if (!shown.tags().isEmpty()) {
            terminal.out().println("tags   " + String.join(", ", shown.tags()));
        }
        recorded.restores()
                .ifPresent(number -> terminal.out().println("made   by a rollback: the rows are those of v" + number));
        terminal.out().println();
        terminal.table(
                List.of("COLUMN", "TYPE", "PROMISED"),
                recorded.schema().columns().stream()
                        .map(column -> List.of(column.name(), column.type().label(), promised(contract, column)))
                        .toList());
        printReport(shown.report());
        printUse(shown.use());
    }

    private static String promised(Contract contract, Column column) {
        return contract.find(column.name())
                .map(promise -> Stream.concat(promise.type().stream().map(type -> "type"), promise.promises().stream())
                        .collect(Collectors.joining("; ")))
                .orElse("");
    }

    private static String words(String before, List<?> parts) {
        return parts.isEmpty()
                ? ""
                : before + parts.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private void printReport(DatasetReport report) {
        if (!report.expectations().isEmpty()) {
            terminal.out().println();
            terminal.table(
                    List.of("EXPECTATION", "RESULT", "FOUND"),
                    report.expectations().stream().map(DataShowCommand::row).toList());
        }
        if (!report.reasons().isEmpty()) {
            terminal.out().println();
            terminal.table(
                    List.of("SET ASIDE FOR", "ROWS"),
                    report.reasons().stream()
                            .map(reason -> List.of(reason.reason(), Text.number(reason.rows())))
                            .toList());
        }
    }

    private static List<String> row(ExpectationResult result) {
        return List.of(
                result.name(),
                result.outcome().name().toLowerCase(Locale.ROOT),
                result.measurement().shown());
    }

    private void printUse(DatasetUse use) {
        terminal.out().println();
        List<String> newest =
                use.runs().stream().limit(RUNS).map(id -> id.substring(0, 12)).toList();
        int more = use.runs().size() - newest.size();
        terminal.out()
                .println("read by " + Text.count(use.runs().size(), "run")
                        + (newest.isEmpty() ? "" : ": " + String.join(", ", newest))
                        + (more > 0 ? " and " + Text.number(more) + " earlier" : ""));
        terminal.out()
                .println(
                        use.models().isEmpty()
                                ? "no model was trained on it"
                                : "trained on it: "
                                        + use.models().stream()
                                                .map(DataShowCommand::model)
                                                .collect(Collectors.joining(", ")));
    }

    private static String model(DatasetUse.TrainedModel model) {
        return model.id() + (model.endpoints().isEmpty() ? "" : " (on " + String.join(", ", model.endpoints()) + ")");
    }
}
