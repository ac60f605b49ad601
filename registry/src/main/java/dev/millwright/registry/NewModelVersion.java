package dev.millwright.registry;

import dev.millwright.core.ModelSignature;
import java.util.Map;

/**
 * A model version to register.
 *
 * @param artifacts stored already, by name: {@code model.onnx}, {@code parity.parquet}, …
 */
public record NewModelVersion(
        String model,
        String runId,
        ModelSignature signature,
        Map<String, Artifact> artifacts,
        Map<String, String> tags) {
    public NewModelVersion {
        Names.model(model);
        artifacts = Map.copyOf(artifacts);
        artifacts.keySet().forEach(Names::artifactPath);
        tags = Map.copyOf(tags);
        tags.keySet().forEach(key -> Names.require("tag", key));
    }
}
