package dev.millwright.registry;

/** How far a step is. */
public enum StepStatus {
    RUNNING,
    FINISHED,
    /** Not done again: an earlier run had finished a step with the same key. */
    REUSED,
    FAILED,
    /** Its process died. */
    INTERRUPTED
}
