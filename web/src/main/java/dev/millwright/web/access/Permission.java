package dev.millwright.web.access;

import dev.millwright.registry.Role;
import java.util.EnumSet;
import java.util.Set;

/** What a route asks of its callers. */
public enum Permission {
    /** Nothing: the login page, health checks. */
    OPEN,
    /** To be known, whatever else one may do. */
    KNOWN,
    /** Sees. */
    VIEW,
    /** Asks for predictions and says how they turned out. */
    PREDICT,
    /** Logs and registers. */
    EDIT,
    /** Changes what serves. */
    DEPLOY,
    /** Starts programs on the machine of the server, or changes what serves without a page that asks twice. */
    CONTROL,
    /** Says who may do what. */
    ADMINISTER;

    /** What a user of a role may do. */
    static Set<Permission> of(Role role) {
        return switch (role) {
            case VIEWER -> EnumSet.of(OPEN, KNOWN, VIEW);
            case EDITOR -> EnumSet.of(OPEN, KNOWN, VIEW, PREDICT, EDIT);
            case DEPLOYER -> EnumSet.of(OPEN, KNOWN, VIEW, PREDICT, EDIT, DEPLOY, CONTROL);
            case ADMINISTRATOR -> EnumSet.allOf(Permission.class);
        };
    }

    /** Who has this permission, for a message. */
    String holders() {
        return switch (this) {
            case OPEN -> "anybody";
            case KNOWN -> "any user";
            case VIEW -> "a viewer";
            case PREDICT, EDIT -> "an editor";
            case DEPLOY, CONTROL -> "a deployer";
            case ADMINISTER -> "an administrator";
        };
    }
}
