package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.PipelineFile.MonitorPlan;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Registry;
import dev.millwright.registry.RegistryError;
import dev.millwright.serving.LoadedModel;
import dev.millwright.serving.Member;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.ModelSource;
import dev.millwright.serving.ServingError;
import dev.millwright.serving.protocol.FeatureTensors;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A registered inference graph as a model to be loaded. Two of the same version are equal. */
final class StoredGraph implements ModelSource {
    private final Registry registry;
    private final StoredVersions stored;
    private final ModelVersion version;
    private final Artifact document;
    private final Optional<FeatureTensors> features;

    /** Throws {@link RegistryError#NOT_SERVABLE} when the version is no inference graph. */
    StoredGraph(Registry registry, StoredVersions stored, ModelVersion version) {
        this.registry = registry;
        this.stored = stored;
        this.version = version;
        this.document = Optional.ofNullable(version.artifacts().get(ModelVersion.INFERENCE_GRAPH))
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_SERVABLE,
                        "model version: " + version.id() + " is no inference graph (expected: one)."));
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
        return document.size();
    }

    @Override
    public boolean asksOthers() {
        return true;
    }

    /** How endpoints that it serves are watched. */
    static Optional<MonitorPlan> monitor(Registry registry, ModelVersion version) {
        Artifact document = Optional.ofNullable(version.artifacts().get(ModelVersion.INFERENCE_GRAPH))
                .orElseThrow();
        return InferenceGraphReader.monitor(version.id(), text(registry, document));
    }

    private static String text(Registry registry, Artifact document) {
        return new String(registry.artifacts().read(document), StandardCharsets.UTF_8);
    }

    @Override
    public LoadedModel load() {
        String text = text(registry, document);
        GraphMembers members = new GraphMembers(registry, stored, version -> version);
        boolean loaded = false;
        try {
            LoadedModel model = InferenceGraphReader.read(version.id(), text, members, stored.background())
                    .open(members.members());
            members.members().forEach(Member::load);
            loaded = true;
            return model;
        } catch (InvalidInputException unfit) {
            throw new MillwrightException(ServingError.MODEL_UNFIT, String.valueOf(unfit.getMessage()), unfit);
        } finally {
            if (!loaded) {
                members.close();
            }
        }
    }

    /** The graph as a runtime; {@link RegistryError#NOT_SERVABLE} when it takes tensors. */
    ModelRuntime openRows() {
        LoadedModel loaded = load();
        if (loaded instanceof ModelRuntime runtime) {
            return runtime;
        }
        loaded.close();
        throw new MillwrightException(
                RegistryError.NOT_SERVABLE,
                "model version: " + version.id() + " takes tensors, not feature rows (expected: a model of rows)."
                        + " Ask it at /v2/models.");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoredGraph graph
                && graph.version.id().equals(version.id())
                && graph.document.equals(document);
    }

    @Override
    public int hashCode() {
        return version.id().hashCode();
    }
}
