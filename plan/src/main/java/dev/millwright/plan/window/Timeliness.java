package dev.millwright.plan.window;

/** How an event's time lies to those of the others. */
public enum Timeliness {
    IN_TIME,
    /** Further behind the newest event than the lateness: it is counted, and what it looks back on may be forgotten in part. */
    LATE,
    /** Further ahead of the clock than the lateness: it is counted, and nothing is forgotten because of it. */
    AHEAD
}
