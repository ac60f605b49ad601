package dev.millwright.registry;

import java.time.Instant;
import java.util.Optional;

/**
 * What people and clients say of a registered version, beyond what it is.
 *
 * @param source the URI of its files
 * @param runLink where its run can be looked at; may be empty
 * @param stage {@code None}, {@code Staging}, {@code Production} or {@code Archived}: what clients used before aliases
 * @param user who registered it; empty for a pipeline
 * @param loggedModelId the logged model that it was registered from
 * @param updated when any of this, a tag or its status last changed
 */
public record Registration(
        String source,
        String runLink,
        String description,
        String stage,
        String user,
        Optional<String> loggedModelId,
        Instant updated) {
    /** The stage of a version that was never moved to one. */
    public static final String NO_STAGE = "None";
}
