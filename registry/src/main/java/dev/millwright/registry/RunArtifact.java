package dev.millwright.registry;

/**
 * Bytes under a name in a run.
 *
 * @param path relative, with '/': {@code "model/model.onnx"}
 * @param mediaType {@code "text/html"}
 */
public record RunArtifact(String path, Artifact artifact, String mediaType) {
    public RunArtifact {
        Names.artifactPath(path);
        Names.require("media type", mediaType);
    }
}
