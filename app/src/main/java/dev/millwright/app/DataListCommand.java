package dev.millwright.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.Registry;
import java.util.LinkedHashMap;
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
            List<RecordedDataset> versions = dataset == null
                    ? registry.datasets().list()
                    : registry.datasets().history(dataset);
            Map<RecordedDataset, List<String>> tags = new LinkedHashMap<>();
            versions.forEach(
                    version -> tags.put(version, registry.datasets().tags().on(version)));
            if (options.json()) {
                terminal.out()
                        .println(Json.pretty(Map.of(
                                "dataset_versions",
                                versions.stream()
                                        .map(version -> document(version, tags.getOrDefault(version, List.of())))
                                        .toList())));
            } else if (versions.isEmpty()) {
                terminal.out().println("No datasets yet. Start with: millwright run FILE");
            } else {
                terminal.table(
                        List.of("DATASET", "VERSION", "COLUMNS", "ROWS", "QUARANTINED", "RECORDED", "TAGS", ""),
                        versions.stream()
                                .map(version -> row(version, tags.getOrDefault(version, List.of())))
                                .toList());
            }
        }
        return ExitCode.DONE.number();
    }

    private static ObjectNode document(RecordedDataset version, List<String> tags) {
        ObjectNode document = Json.mapper().valueToTree(version);
        return document.putPOJO("tags", tags);
    }

    private static List<String> row(RecordedDataset version, List<String> tags) {
        return List.of(
                version.dataset(),
                Integer.toString(version.version()),
                Integer.toString(version.schema().columns().size()),
                Long.toString(version.rows()),
                Long.toString(version.quarantined()),
                Times.stamp(version.recorded()),
                String.join(", ", tags),
                note(version));
    }

    private static String note(RecordedDataset version) {
        return version.expired()
                .map(time -> "expired " + Times.stamp(time))
                .or(() -> version.restores().map(number -> "rolled back to v" + number))
                .orElse("");
    }
}
