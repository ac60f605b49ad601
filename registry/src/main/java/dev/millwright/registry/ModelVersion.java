package dev.millwright.registry;

import dev.millwright.core.ModelSignature;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One version of a registered model.
 *
 * @param version counts from 1 in its model
 * @param runId the run that trained it
 * @param artifacts by name ({@code model.onnx}), in alphabetical order
 * @param aliases that point at it, in alphabetical order
 */
public record ModelVersion(
        String model,
        int version,
        SemanticVersion semanticVersion,
        String runId,
        ModelSignature signature,
        ModelVersionStatus status,
        Map<String, Artifact> artifacts,
        Map<String, String> tags,
        List<String> aliases,
        Instant created) {
    public ModelVersion {
        artifacts = Collections.unmodifiableMap(new TreeMap<>(artifacts));
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
        aliases = List.copyOf(aliases);
    }

    /** {@code MODEL/VERSION}: the subject of its events and its name in the lineage. */
    public String id() {
        return model + "/" + version;
    }
}
