package dev.millwright.app;

import dev.millwright.data.Measurement;
import dev.millwright.pipelines.ExpectationHistory;
import dev.millwright.pipelines.ExpectationHistory.Line;
import dev.millwright.pipelines.ExpectationHistory.Point;
import dev.millwright.pipelines.ExpectationHistory.Version;
import dev.millwright.pipelines.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows how the expectations on a dataset fared in its versions. */
@Command(
        name = "expectations",
        mixinStandardHelpOptions = true,
        description =
                "Show what the expectations on a dataset found in its newest versions, and where they don't hold (✗).",
        footer = {
            "",
            "Examples:",
            "  millwright data expectations customers",
            "  millwright data expectations customers --json   of all versions, with bounds and examples"
        })
final class DataExpectationsCommand implements Callable<Integer> {
    private static final int VERSIONS = 5;

    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(paramLabel = "DATASET", description = "Its name in the pipeline file.")
    private String dataset = "";

    DataExpectationsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (HomeDatasets datasets = HomeDatasets.open(options.home())) {
            ExpectationHistory history = ExpectationHistory.of(datasets.store(), dataset);
            if (options.json()) {
                terminal.out().println(Json.pretty(history));
            } else {
                print(history);
            }
        }
        return ExitCode.DONE.number();
    }

    private void print(ExpectationHistory history) {
        if (history.expectations().isEmpty()) {
            terminal.out()
                    .println("Nothing is expected of " + dataset
                            + " yet. Say what under expect: in the pipeline file, such as: missing(COLUMN) <= 5%");
            return;
        }
        List<Version> shown = history.versions()
                .subList(
                        Math.max(0, history.versions().size() - VERSIONS),
                        history.versions().size());
        List<String> headings = new ArrayList<>(List.of("EXPECTATION", "SEVERITY"));
        shown.forEach(version -> headings.add("v" + version.version()));
        terminal.table(
                headings,
                history.expectations().stream().map(line -> row(line, shown)).toList());
        terminal.out().println();
        terminal.out().println(result(history));
    }

    private static List<String> row(Line line, List<Version> shown) {
        List<String> row =
                new ArrayList<>(List.of(line.check(), line.severity().name().toLowerCase(Locale.ROOT)));
        shown.forEach(version -> row.add(
                line.in(version.version()).map(point -> cell(point, line)).orElse("—")));
        return row;
    }

    private static String cell(Point point, Line line) {
        Double value = point.value();
        return (value == null ? "no value" : Measurement.shown(value, line.unit())) + (point.passed() ? "" : " ✗");
    }

    private String result(ExpectationHistory history) {
        Version newest = history.versions().getLast();
        List<Point> found = history.expectations().stream()
                .flatMap(line -> line.in(newest.version()).stream())
                .toList();
        long broken = found.stream().filter(point -> !point.passed()).count();
        String name = dataset + "@v" + newest.version();
        String all = Text.count(found.size(), "expectation");
        return broken == 0
                ? terminal.green("✓ ") + name + ": " + all + ", met"
                : terminal.red("✗ ") + name + ": " + all + ", " + broken + " not met";
    }
}
