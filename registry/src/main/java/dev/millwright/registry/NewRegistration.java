package dev.millwright.registry;

import dev.millwright.core.ModelSignature;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A version that a client registers.
 *
 * @param source the URI of its files; {@link #OWN_FILES} for its artifacts
 * @param user who registers it; may be empty
 * @param signature what goes in and out, if the files were looked at and can be served
 * @param artifacts the files that serving needs, stored already; none for files that can't be served
 * @param members the versions that it asks, when it is an inference graph
 */
public record NewRegistration(
        String model,
        String source,
        Optional<String> runId,
        String runLink,
        String description,
        String user,
        Optional<String> loggedModelId,
        Map<String, String> tags,
        Optional<ModelSignature> signature,
        Map<String, Artifact> artifacts,
        List<ModelVersion> members) {
    /** Its artifacts are all its files. */
    public static final String OWN_FILES = "";

    public NewRegistration {
        tags = Map.copyOf(tags);
        artifacts = Map.copyOf(artifacts);
        members = List.copyOf(members);
    }

    /** Of a version that asks no others. */
    public NewRegistration(
            String model,
            String source,
            Optional<String> runId,
            String runLink,
            String description,
            String user,
            Optional<String> loggedModelId,
            Map<String, String> tags,
            Optional<ModelSignature> signature,
            Map<String, Artifact> artifacts) {
        this(model, source, runId, runLink, description, user, loggedModelId, tags, signature, artifacts, List.of());
    }
}
