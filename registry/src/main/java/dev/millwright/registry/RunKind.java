package dev.millwright.registry;

/** What a run is. */
public enum RunKind {
    /** A run of a pipeline file. */
    PIPELINE,
    /** The training of one model by a program, which logs to it as clients do. */
    TRAINING,
    /** One attempt of a search for good parameters. */
    TRIAL,
    /** Logged by a client outside this home's process, which may outlive it. */
    TRACKED
}
