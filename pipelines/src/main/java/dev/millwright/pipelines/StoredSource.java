package dev.millwright.pipelines;

import dev.millwright.registry.Artifact;
import dev.millwright.registry.ModelVersion;
import dev.millwright.serving.ModelSource;
import dev.millwright.serving.protocol.FeatureTensors;
import java.util.Optional;

/** A registered version as a model to be loaded from one of its artifacts. Two of the same version are equal. */
abstract sealed class StoredSource implements ModelSource permits StoredGraph, StoredModel {
    private final ModelVersion version;
    private final Artifact artifact;
    private final Optional<FeatureTensors> features;

    StoredSource(ModelVersion version, Artifact artifact) {
        this.version = version;
        this.artifact = artifact;
        this.features = version.knownSignature().map(FeatureTensors::new);
    }

    final ModelVersion version() {
        return version;
    }

    final Artifact artifact() {
        return artifact;
    }

    @Override
    public final String name() {
        return version.id();
    }

    @Override
    public final Optional<FeatureTensors> features() {
        return features;
    }

    @Override
    public final long size() {
        return artifact.size();
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof StoredSource stored
                && stored.version.id().equals(version.id())
                && stored.artifact.equals(artifact);
    }

    @Override
    public final int hashCode() {
        return version.id().hashCode();
    }
}
