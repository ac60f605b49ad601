package dev.millwright.registry;

import java.util.Optional;

/**
 * Where a registry keeps what it keeps.
 *
 * @param artifactRoot where clients keep the files of new experiments
 * @param database the database of PostgreSQL that holds the state; the one that the home belongs to, else a file in the home,
 *     when none is named
 */
public record RegistryOptions(ArtifactRoot artifactRoot, Optional<DatabaseUrl> database) {
    /** Files with the server, the state where it was before. */
    public static final RegistryOptions DEFAULT = new RegistryOptions(ArtifactRoot.SERVER, Optional.empty());
}
