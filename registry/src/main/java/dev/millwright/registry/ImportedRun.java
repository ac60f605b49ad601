package dev.millwright.registry;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run of another tracking server.
 *
 * @param id 32 hexadecimal digits
 * @param experimentId of the experiment here
 * @param deleted when it was deleted there, if it was
 */
public record ImportedRun(
        String id,
        String experimentId,
        String name,
        String user,
        RunStatus status,
        Instant started,
        Optional<Instant> ended,
        Optional<Instant> deleted,
        Map<String, String> params,
        Map<String, String> tags,
        List<DatasetInput> datasets) {
    public ImportedRun {
        Names.require("run name", name);
        params = Map.copyOf(params);
        tags = Map.copyOf(tags);
        datasets = List.copyOf(datasets);
    }

    /** Whether a run may have this id here. */
    public static boolean isId(String id) {
        return id.matches("[0-9a-f]{32}");
    }
}
