package dev.millwright.registry;

import java.util.Locale;
import java.util.Optional;

/** What a token may be used for; never more than its user may do. */
public enum TokenScope {
    /** Asks endpoints for predictions and says how they turned out, nothing else: for applications. */
    PREDICT,
    VIEWER,
    EDITOR,
    DEPLOYER,
    ADMINISTRATOR;

    /** As files, flags and events say it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a user of this role may have such a token. */
    public boolean isWithin(Role role) {
        return role().filter(asked -> asked.compareTo(role) > 0).isEmpty();
    }

    /** The role that this scope stands for; none for {@link #PREDICT}. */
    Optional<Role> role() {
        return this == PREDICT ? Optional.empty() : Optional.of(Role.valueOf(name()));
    }
}
