package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One version of a registered model.
 *
 * @param version counts from 1 in its model
 * @param runId the run that trained it; empty when a client registered files of unknown origin
 * @param knownSignature the feature columns that go in and the predictions that come out; empty when it takes tensors as they are,
 *     and when a client registered files that have not been made servable, or can't be
 * @param artifacts by name ({@code model.onnx}), in alphabetical order
 * @param aliases that point at it, in alphabetical order
 */
public record ModelVersion(
        String model,
        int version,
        SemanticVersion semanticVersion,
        Optional<String> runId,
        Optional<ModelSignature> knownSignature,
        ModelVersionStatus status,
        Map<String, Artifact> artifacts,
        Map<String, String> tags,
        List<String> aliases,
        Instant created,
        Registration registration) {
    /** The artifact that holds the graph of a version that can be served. */
    public static final String GRAPH = "model.onnx";

    /** The artifact of a version that other servers answer for: which, and how they are asked. */
    public static final String REMOTE = "remote.json";

    /** The artifact that names the versions of an inference graph, and how they are asked. */
    public static final String INFERENCE_GRAPH = "graph.yaml";

    public ModelVersion {
        artifacts = Collections.unmodifiableMap(new TreeMap<>(artifacts));
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
        aliases = List.copyOf(aliases);
    }

    /** {@code MODEL/VERSION}: the subject of its events and its name in the lineage. */
    public String id() {
        return model + "/" + version;
    }

    /** Whether it can be served, as it takes feature rows or tensors. */
    public boolean isServable() {
        return servedArtifact().isPresent();
    }

    /** What it is served from, if it can be. */
    public Optional<Artifact> servedArtifact() {
        return Optional.ofNullable(artifacts.get(GRAPH))
                .or(() -> Optional.ofNullable(artifacts.get(INFERENCE_GRAPH)))
                .or(() -> Optional.ofNullable(artifacts.get(REMOTE)));
    }

    /** Whether it asks other versions, rather than being a model itself. */
    public boolean isInferenceGraph() {
        return artifacts.containsKey(INFERENCE_GRAPH);
    }

    /** Whether other servers answer for it. */
    public boolean isRemote() {
        return artifacts.containsKey(REMOTE);
    }

    /** Whether it is served with the inputs and outputs that its graph names itself, rather than with feature rows. */
    public boolean takesTensors() {
        return isServable() && knownSignature.isEmpty();
    }

    /** What goes in and out; {@link RegistryError#NOT_SERVABLE} when that is not known. */
    public ModelSignature signature() {
        return knownSignature.orElseThrow(() -> new MillwrightException(
                RegistryError.NOT_SERVABLE,
                "model version: " + id()
                        + (takesTensors()
                                ? " takes tensors, not feature rows (expected: a model of rows). Ask it at /v2/models."
                                : " has no ONNX graph (expected: a model logged with the ONNX flavour, or made by"
                                        + " a pipeline). Convert it and register it again.")));
    }

    /** The run that trained it; {@link RegistryError#NOT_FOUND} when it comes from none. */
    public String requireRunId() {
        return runId.orElseThrow(() -> new MillwrightException(
                RegistryError.NOT_FOUND, "model version: " + id() + " comes from no run (expected: one of a run)."));
    }
}
