package dev.millwright.serving;

/** How calls get their turn before one model. */
sealed interface Turns<I, O> permits Batcher, CallGate {
    /**
     * Waits for its turn, then asks the model.
     *
     * @throws dev.millwright.core.MillwrightException {@link ServingError#OVERLOADED} when too many rows wait already,
     *     {@link ServingError#DEADLINE_PASSED} when its turn didn't come in time
     */
    O predict(I request, Deadline deadline, Patience patience);

    /** Rows that wait. */
    int depth();

    /** Whether one more request would be refused. */
    boolean isFull();
}
