package dev.millwright.serving;

/** Whether a thread may wait: for a model to be loaded, or for its turn. */
public sealed interface Patience permits Patience.Waits, Round {
    /** It may. */
    Patience WAITS = new Waits();

    /** Of a thread that serves nobody else meanwhile. */
    record Waits() implements Patience {}
}
