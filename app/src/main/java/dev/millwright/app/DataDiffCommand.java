package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.data.DatasetDiff;
import dev.millwright.data.DatasetDiff.Bin;
import dev.millwright.data.DatasetDiff.ColumnChange;
import dev.millwright.data.DatasetDiff.Shift;
import dev.millwright.pipelines.DatasetStore;
import dev.millwright.pipelines.Text;
import dev.millwright.registry.DatasetReference;
import dev.millwright.registry.RecordedDataset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells how two versions of a dataset differ. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = {
            "Tell how two versions of a dataset differ: columns, rows, and how the values of each column are distributed,",
            "the largest shift first. PSI: below 0.1 is no shift to speak of, above 0.2 is a large one."
        },
        footer = {
            "",
            "Examples:",
            "  millwright data diff customers                               the newest version and the one before",
            "  millwright data diff customers@v3 customers@v5 --key id",
            "  millwright data diff customers@2026-11-01 --json             that of then and the newest"
        })
final class DataDiffCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(index = "0", paramLabel = "DATASET[@VERSION]", description = "The earlier version.")
    private String before = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "DATASET[@VERSION]",
            description = "The later version (default: the newest).")
    private @Nullable String after;

    @Option(
            names = "--key",
            split = ",",
            paramLabel = "COLUMN",
            description =
                    "What tells rows apart, so that changed ones are found (default: what an expectation unique(…)"
                            + " says of both versions).")
    private List<String> key = List.of();

    DataDiffCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (HomeDatasets datasets = HomeDatasets.open(options.home())) {
            DatasetStore store = datasets.store();
            DatasetReference first = DatasetReference.parse(before);
            DatasetStore.Stored later = store.load(
                    after == null
                            ? new DatasetReference(first.dataset(), new DatasetReference.Choice.Newest())
                            : DatasetReference.parse(after));
            DatasetStore.Stored earlier = store.load(
                    after == null && first.choice() instanceof DatasetReference.Choice.Newest
                            ? before(later.recorded())
                            : first);
            DatasetDiff diff = store.lake().diff(earlier.version(), later.version(), key);
            if (options.json()) {
                terminal.out().println(Json.pretty(document(earlier.name(), later.name(), diff)));
            } else {
                print(earlier.name(), later.name(), diff);
            }
        }
        return ExitCode.DONE.number();
    }

    private static DatasetReference before(RecordedDataset version) {
        if (version.version() == 1) {
            throw new InvalidInputException("DATASET: " + version.dataset()
                    + " has one version (expected: two to compare). See: millwright data show " + version.dataset());
        }
        return new DatasetReference(version.dataset(), new DatasetReference.Choice.Numbered(version.version() - 1));
    }

    private static Map<String, Object> document(String earlier, String later, DatasetDiff diff) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("before", earlier);
        document.put("after", later);
        document.put(
                "columns", diff.columns().stream().map(DataDiffCommand::fields).toList());
        document.put("rows", diff.rows());
        diff.byKey().ifPresent(byKey -> document.put("by_key", byKey));
        document.put("distributions", diff.shifts());
        return document;
    }

    private static Map<String, String> fields(ColumnChange change) {
        return switch (change) {
            case ColumnChange.Added(var column) ->
                Map.of(
                        "change",
                        "added",
                        "name",
                        column.name(),
                        "type",
                        column.type().label());
            case ColumnChange.Dropped(var column) ->
                Map.of(
                        "change",
                        "dropped",
                        "name",
                        column.name(),
                        "type",
                        column.type().label());
            case ColumnChange.Retyped(var name, var from, var to) ->
                Map.of("change", "retyped", "name", name, "before", from.label(), "after", to.label());
        };
    }

    private void print(String earlier, String later, DatasetDiff diff) {
        terminal.out().println(terminal.bold(earlier + " → " + later));
        terminal.out()
                .println("columns  "
                        + (diff.columns().isEmpty()
                                ? "the same"
                                : diff.columns().stream()
                                        .map(DataDiffCommand::words)
                                        .collect(Collectors.joining(", "))));
        DatasetDiff.RowChanges rows = diff.rows();
        terminal.out()
                .println("rows     " + Text.number(rows.before()) + " → " + Text.number(rows.after()) + ": "
                        + Text.number(rows.added()) + " added, " + Text.number(rows.removed()) + " removed, "
                        + Text.number(rows.kept()) + " kept");
        diff.byKey().ifPresent(this::print);
        terminal.out().println();
        terminal.table(
                List.of("COLUMN", "PSI", "JENSEN-SHANNON", "MISSING", "MOST MOVED"),
                diff.shifts().stream().map(DataDiffCommand::row).toList());
    }

    private void print(DatasetDiff.KeyChanges changes) {
        String columns = changes.columns().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(column -> column.getKey() + " in " + Text.number(column.getValue()))
                .collect(Collectors.joining(", "));
        terminal.out()
                .println("by " + String.join(", ", changes.key()) + ": " + Text.number(changes.added()) + " added, "
                        + Text.number(changes.removed()) + " removed, " + Text.number(changes.changed()) + " changed"
                        + (columns.isEmpty() ? "" : " (" + columns + ")") + ", " + Text.number(changes.unchanged())
                        + " unchanged"
                        + (changes.withoutKey() > 0
                                ? "; " + Text.count(changes.withoutKey(), "row") + " without it"
                                : ""));
    }

    private static String words(ColumnChange change) {
        return switch (change) {
            case ColumnChange.Added(var column) ->
                "+" + column.name() + " " + column.type().label();
            case ColumnChange.Dropped(var column) -> "-" + column.name();
            case ColumnChange.Retyped(var name, var from, var to) -> name + " " + from.label() + " → " + to.label();
        };
    }

    private static List<String> row(Shift shift) {
        return List.of(
                shift.column(),
                String.format(Locale.ROOT, "%.3f", shift.psi()),
                String.format(Locale.ROOT, "%.3f", shift.jensenShannon()),
                moved(shift, shift.missing()),
                shift.moved().map(bin -> bin.label() + ": " + moved(shift, bin)).orElse("—"));
    }

    private static String moved(Shift shift, Bin bin) {
        return String.format(
                Locale.ROOT, "%.1f %% → %.1f %%", shift.shareBefore(bin) * 100, shift.shareAfter(bin) * 100);
    }
}
