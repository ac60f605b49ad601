package dev.millwright.pipelines;

import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Registry;
import dev.millwright.registry.RegistryError;
import dev.millwright.serving.LoadedModel;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.OnnxTensorModel;
import dev.millwright.serving.RuntimeOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A registered graph of ONNX as a model to be loaded. */
final class StoredModel extends StoredSource {
    private final Registry registry;

    /** Throws {@link RegistryError#NOT_SERVABLE} when the version has no graph. */
    StoredModel(Registry registry, ModelVersion version) {
        super(version, graph(version));
        this.registry = registry;
    }

    private static Artifact graph(ModelVersion version) {
        return Optional.ofNullable(version.artifacts().get(ModelVersion.GRAPH))
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_SERVABLE,
                        "model version: " + version.id() + " has no graph (expected: one that was made servable)."));
    }

    @Override
    public LoadedModel load() {
        return features().isPresent() ? openRows() : OnnxTensorModel.open(bytes(), RuntimeOptions.FOREIGN);
    }

    /** The model, which must be one that takes feature rows. */
    ModelRuntime openRows() {
        return ServedGraph.open(
                bytes(),
                version().signature(),
                version().tags().containsKey(ModelTags.PARITY_ROWS)
                        ? RuntimeOptions.Trial.NONE
                        : RuntimeOptions.Trial.MISSING_ROW);
    }

    private byte[] bytes() {
        try (InputStream stream = registry.artifacts().open(artifact())) {
            return stream.readAllBytes();
        } catch (IOException failed) {
            throw new UncheckedIOException(name() + ": its graph could not be read", failed);
        }
    }
}
