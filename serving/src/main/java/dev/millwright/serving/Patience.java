package dev.millwright.serving;

/** Whether a thread may wait: for a model to be loaded, or for its turn. */
public enum Patience {
    WAITS,
    /** It has others to serve meanwhile; {@link WouldWaitException} tells it to go elsewhere. */
    NEVER
}
