package dev.millwright.serving;

import dev.millwright.core.MillwrightException;
import java.util.concurrent.CompletableFuture;

/** How calls get their turn before one model. */
sealed interface Turns<I, O> permits Batcher, CallGate {
    /**
     * Waits for its turn, then asks the model.
     *
     * @throws MillwrightException {@link ServingError#OVERLOADED} when too many rows wait already,
     *     {@link ServingError#DEADLINE_PASSED} when its turn didn't come in time
     */
    O predict(I request, Deadline deadline);

    /**
     * The same for an event loop: asks the model at the end of the round, together with all that the round asks of it. The answer, or one
     * of the failures above, comes on the loop's thread.
     *
     * @throws WouldWaitException where that is not possible
     */
    CompletableFuture<O> predict(I request, Deadline deadline, Round round);

    /** The answer to a request that is as patient as that; there already where it may wait. */
    default CompletableFuture<O> predict(I request, Deadline deadline, Patience patience) {
        return switch (patience) {
            case Patience.Waits _ -> CompletableFuture.completedFuture(predict(request, deadline));
            case Round round -> predict(request, deadline, round);
        };
    }

    /** Rows that wait. */
    int depth();

    /** Whether one more request would be refused. */
    boolean isFull();
}
