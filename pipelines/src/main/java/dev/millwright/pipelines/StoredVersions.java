package dev.millwright.pipelines;

import dev.millwright.core.MillwrightException;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Registry;
import dev.millwright.registry.RegistryError;
import dev.millwright.serving.Member;
import dev.millwright.serving.MemberModels;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.ModelSource;
import dev.millwright.serving.RouterOptions;
import dev.millwright.serving.remote.RemoteModels;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Registered versions as models to be loaded. Thread-safe. */
final class StoredVersions {
    private static final int NO_LIMIT = Integer.MAX_VALUE / 2;

    private final Registry registry;
    private final MemberModels members;
    private final Optional<RemoteModels> remotes;

    /**
     * Versions to be loaded.
     *
     * @param members lends what inference graphs ask
     * @param remotes opens what other servers answer for; empty for those who ask none
     */
    StoredVersions(Registry registry, MemberModels members, Optional<RemoteModels> remotes) {
        this.registry = registry;
        this.members = members;
        this.remotes = remotes;
    }

    /** For one who serves nothing, and bounds by itself how much it asks. */
    static StoredVersions alone(Registry registry) {
        return new StoredVersions(
                registry, MemberModels.alone(new RouterOptions(NO_LIMIT, 1, NO_LIMIT, 1, 0)), Optional.empty());
    }

    /** Throws {@link dev.millwright.registry.RegistryError#NOT_SERVABLE} when the version can't be served. */
    ModelSource source(ModelVersion version) {
        if (version.isRemote()) {
            return new ConnectedModel(registry, remotes.orElseThrow(() -> elsewhere(version)), version);
        }
        return version.isInferenceGraph()
                ? new StoredGraph(registry, this, version)
                : new StoredModel(registry, version);
    }

    private static MillwrightException elsewhere(ModelVersion version) {
        return new MillwrightException(
                RegistryError.NOT_SERVABLE,
                "model version: " + version.id()
                        + " is on other servers (expected: a model of this home). Ask it at its endpoint.");
    }

    /** A version to be asked by an inference graph. */
    Member member(ModelVersion version) {
        return members.refer(source(version));
    }

    /** Where members of a graph may be asked at the same time. */
    Executor background() {
        return members.background();
    }

    /** The model itself, apart from what serves; it must be one that takes feature rows. */
    ModelRuntime openRows(ModelVersion version) {
        return version.isInferenceGraph()
                ? new StoredGraph(registry, this, version).openRows()
                : new StoredModel(registry, version).openRows();
    }
}
