package dev.millwright.pipelines;

import dev.millwright.registry.Artifact;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Registry;
import dev.millwright.serving.LoadedModel;
import dev.millwright.serving.ModelSource;
import dev.millwright.serving.protocol.FeatureTensors;
import dev.millwright.serving.remote.RemoteLinkJson;
import dev.millwright.serving.remote.RemoteModels;
import java.util.Objects;
import java.util.Optional;

/** A registered version that other servers answer for, as a model to be loaded. Two of the same version are equal. */
final class ConnectedModel implements ModelSource {
    private final Registry registry;
    private final RemoteModels remotes;
    private final ModelVersion version;
    private final Artifact link;

    ConnectedModel(Registry registry, RemoteModels remotes, ModelVersion version) {
        this.registry = registry;
        this.remotes = remotes;
        this.version = version;
        this.link = Objects.requireNonNull(version.artifacts().get(ModelVersion.REMOTE));
    }

    @Override
    public String name() {
        return version.id();
    }

    @Override
    public Optional<FeatureTensors> features() {
        return Optional.empty();
    }

    @Override
    public LoadedModel load() {
        return remotes.open(
                version.id(), RemoteLinkJson.read(registry.artifacts().read(link)));
    }

    @Override
    public boolean isElsewhere() {
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConnectedModel connected
                && connected.version.id().equals(version.id())
                && connected.link.equals(link);
    }

    @Override
    public int hashCode() {
        return version.id().hashCode();
    }
}
