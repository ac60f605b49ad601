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
import dev.millwright.serving.ServingError;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A registered inference graph as a model to be loaded. */
final class StoredGraph extends StoredSource {
    private final Registry registry;
    private final StoredVersions stored;

    /** Throws {@link RegistryError#NOT_SERVABLE} when the version is no inference graph. */
    StoredGraph(Registry registry, StoredVersions stored, ModelVersion version) {
        super(version, document(version));
        this.registry = registry;
        this.stored = stored;
    }

    private static Artifact document(ModelVersion version) {
        return Optional.ofNullable(version.artifacts().get(ModelVersion.INFERENCE_GRAPH))
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_SERVABLE,
                        "model version: " + version.id() + " is no inference graph (expected: one)."));
    }

    @Override
    public boolean asksOthers() {
        return true;
    }

    /** How endpoints that it serves are watched. */
    static Optional<MonitorPlan> monitor(Registry registry, ModelVersion version) {
        return InferenceGraphReader.monitor(version.id(), text(registry, document(version)));
    }

    private static String text(Registry registry, Artifact document) {
        return new String(registry.artifacts().read(document), StandardCharsets.UTF_8);
    }

    @Override
    public LoadedModel load() {
        String text = text(registry, artifact());
        GraphMembers members = new GraphMembers(registry, stored, version -> version);
        boolean loaded = false;
        try {
            LoadedModel model = InferenceGraphReader.read(name(), text, members, stored.background())
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
                "model version: " + name() + " takes tensors, not feature rows (expected: a model of rows)."
                        + " Ask it at /v2/models.");
    }
}
