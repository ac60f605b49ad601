package dev.millwright.registry;

import java.util.Locale;

/** How far a run is. */
public enum RunStatus {
    /** Announced by a client, not begun. */
    SCHEDULED,
    RUNNING,
    FINISHED,
    FAILED,
    /** Stopped by a person. */
    KILLED,
    /** Its process died; it can be resumed. */
    INTERRUPTED,
    /** The data or a gate refused it. */
    REFUSED;

    /** Whether the run can go on from its last finished step. */
    public boolean isResumable() {
        return this == INTERRUPTED || this == FAILED || this == KILLED;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
