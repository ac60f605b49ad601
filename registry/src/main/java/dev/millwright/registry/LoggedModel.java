package dev.millwright.registry;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model that a client logged, before or without registering it.
 *
 * @param id {@code m-} and 32 hexadecimal digits
 * @param sourceRunId the run that made it
 * @param artifactUri where its files are
 * @param metrics what runs measured of it, each the latest of its key and data set
 * @param registrations the model versions that were registered from it, as {@code NAME/VERSION}
 */
public record LoggedModel(
        String id,
        String experimentId,
        String name,
        String modelType,
        Optional<String> sourceRunId,
        String artifactUri,
        Status status,
        String statusMessage,
        Instant created,
        Instant updated,
        Lifecycle lifecycle,
        Map<String, String> params,
        Map<String, String> tags,
        List<RunMetric> metrics,
        List<String> registrations) {

    /** How far its files are. */
    public enum Status {
        PENDING,
        READY,
        UPLOAD_FAILED
    }

    /** A metric of the model, and the run that measured it. */
    public record RunMetric(String runId, ModelMetric metric) {}

    public LoggedModel {
        params = Map.copyOf(params);
        tags = Map.copyOf(tags);
        metrics = List.copyOf(metrics);
        registrations = List.copyOf(registrations);
    }
}
