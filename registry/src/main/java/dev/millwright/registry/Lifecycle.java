package dev.millwright.registry;

/** Whether an experiment, run or logged model is kept, or deleted but still there to be restored. */
public enum Lifecycle {
    ACTIVE,
    DELETED
}
