package dev.millwright.registry;

import java.util.Locale;

/** What a user may do, each role more than the one before. */
public enum Role {
    /** Sees everything, changes nothing. */
    VIEWER,
    /** Logs runs and files, registers models, asks for predictions and says how they turned out. */
    EDITOR,
    /** Starts pipelines on the server, lets versions serve and takes them back. */
    DEPLOYER,
    /** Says who may do what. */
    ADMINISTRATOR;

    /** As files, flags and events say it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The lower of the two. */
    Role atMost(Role other) {
        return compareTo(other) <= 0 ? this : other;
    }
}
