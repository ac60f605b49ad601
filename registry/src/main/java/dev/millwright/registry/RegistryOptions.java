package dev.millwright.registry;

import java.util.Optional;

/**
 * Where a registry keeps what it keeps, and how.
 *
 * @param artifactRoot where clients keep the files of new experiments
 * @param database the database of PostgreSQL that holds the state; without one, that which the home remembers, else the file in
 *     the home
 */
public record RegistryOptions(ArtifactRoot artifactRoot, Optional<DatabaseUrl> database, Metrics metrics) {
    /** What metrics survive once they are acknowledged. Everything else survives both. */
    public enum Metrics {
        /** The process may be killed; the last moments may go when the machine loses power. */
        SURVIVE_KILL,
        /** Synced to the disk. In PostgreSQL they always are. */
        SURVIVE_POWER_LOSS
    }

    public static final RegistryOptions DEFAULT =
            new RegistryOptions(ArtifactRoot.SERVER, Optional.empty(), Metrics.SURVIVE_KILL);

    public static RegistryOptions at(DatabaseUrl database) {
        return DEFAULT.at(Optional.of(database));
    }

    public RegistryOptions at(Optional<DatabaseUrl> other) {
        return new RegistryOptions(artifactRoot, other, metrics);
    }

    public RegistryOptions with(Metrics other) {
        return new RegistryOptions(artifactRoot, database, other);
    }

    public RegistryOptions with(ArtifactRoot other) {
        return new RegistryOptions(other, database, metrics);
    }
}
