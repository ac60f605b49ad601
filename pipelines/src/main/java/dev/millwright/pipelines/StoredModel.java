package dev.millwright.pipelines;

import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Registry;
import dev.millwright.registry.RegistryError;
import dev.millwright.serving.LoadedModel;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.ModelSource;
import dev.millwright.serving.OnnxTensorModel;
import dev.millwright.serving.RuntimeOptions;
import dev.millwright.serving.protocol.FeatureTensors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A registered version as a model to be loaded. Two of the same version are equal. */
final class StoredModel implements ModelSource {
    private final Registry registry;
    private final ModelVersion version;
    private final Artifact graph;
    private final Optional<FeatureTensors> features;

    /** Throws {@link RegistryError#NOT_SERVABLE} when the version has no graph. */
    StoredModel(Registry registry, ModelVersion version) {
        this.registry = registry;
        this.version = version;
        this.graph = Optional.ofNullable(version.artifacts().get(ModelVersion.GRAPH))
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_SERVABLE,
                        "model version: " + version.id() + " has no graph (expected: one that was made servable)."));
        this.features = version.knownSignature().map(FeatureTensors::new);
    }

    @Override
    public String name() {
        return version.id();
    }

    @Override
    public Optional<FeatureTensors> features() {
        return features;
    }

    @Override
    public long size() {
        return graph.size();
    }

    @Override
    public LoadedModel load() {
        return features.isPresent() ? openRows() : OnnxTensorModel.open(bytes(), RuntimeOptions.FOREIGN);
    }

    /** The model, which must be one that takes feature rows. */
    ModelRuntime openRows() {
        return ServedGraph.open(
                bytes(),
                version.signature(),
                version.tags().containsKey(ModelTags.PARITY_ROWS)
                        ? RuntimeOptions.Trial.NONE
                        : RuntimeOptions.Trial.MISSING_ROW);
    }

    private byte[] bytes() {
        try (InputStream stream = registry.artifacts().open(graph)) {
            return stream.readAllBytes();
        } catch (IOException failed) {
            throw new UncheckedIOException(version.id() + ": its graph could not be read", failed);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoredModel stored
                && stored.version.id().equals(version.id())
                && stored.graph.equals(graph);
    }

    @Override
    public int hashCode() {
        return version.id().hashCode();
    }
}
