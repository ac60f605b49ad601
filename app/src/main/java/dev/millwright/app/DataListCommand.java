package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.Registry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists dataset versions. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "List datasets with their newest version, or all versions of one, newest first.",
        footer = {"", "Examples:", "  millwright data list", "  millwright data list customers --json"})
final class DataListCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(arity = "0..1", paramLabel = "DATASET", description = "All versions of this one.")
    private @Nullable String dataset;

    DataListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (Registry registry = HomeReader.open(options.home())) {
            List<RecordedDataset> versions = versions(registry);
            if (options.json()) {
                terminal.out().println(Json.pretty(Map.of("dataset_versions", versions)));
            } else if (versions.isEmpty()) {
                terminal.out().println("No datasets yet. Start with: millwright run FILE");
            } else {
                terminal.table(
                        List.of("DATASET", "VERSION", "COLUMNS", "ROWS", "QUARANTINED", "RECORDED"),
                        versions.stream().map(DataListCommand::row).toList());
            }
        }
        return ExitCode.DONE.number();
    }

    private List<RecordedDataset> versions(Registry registry) {
        if (dataset == null) {
            return registry.datasets().list();
        }
        List<RecordedDataset> versions = registry.datasets().versions(dataset);
        if (versions.isEmpty()) {
            List<String> known = registry.datasets().list().stream()
                    .map(RecordedDataset::dataset)
                    .toList();
            throw new InvalidInputException(
                    "DATASET: " + dataset + " (expected: one that a run read)." + Words.suggestion(dataset, known));
        }
        return versions;
    }

    private static List<String> row(RecordedDataset version) {
        return List.of(
                version.dataset(),
                Integer.toString(version.version()),
                Integer.toString(version.schema().columns().size()),
                Long.toString(version.rows()),
                Long.toString(version.quarantined()),
                Times.stamp(version.recorded()));
    }
}
