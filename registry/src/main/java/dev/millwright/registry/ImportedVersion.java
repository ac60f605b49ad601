package dev.millwright.registry;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A model version of another registry.
 *
 * @param version its number there and here
 * @param source where its files are from now on
 * @param runId the run here that it comes from
 */
public record ImportedVersion(
        String model,
        int version,
        String source,
        Optional<String> runId,
        Optional<String> loggedModelId,
        String runLink,
        String description,
        String user,
        String stage,
        Instant created,
        Instant updated,
        Map<String, String> tags) {
    public ImportedVersion {
        Names.model(model);
        tags = Map.copyOf(tags);
    }
}
