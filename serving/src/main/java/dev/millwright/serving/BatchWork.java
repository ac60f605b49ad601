package dev.millwright.serving;

import java.util.List;

/** What a batcher does with requests of one kind. */
interface BatchWork<I, O> {
    /** How many rows a request has; one where it can't be joined to others. */
    int rows(I request);

    /** Whether two requests can go through the model together. */
    boolean joins(I request, I next);

    /** Several requests that can be joined, as one. */
    I join(List<I> requests);

    /** The answers for rows {@code from} (inclusive) to {@code to} (exclusive) of a batch. */
    O part(O answers, int from, int to);

    /** Asks the model, for those who wait until then. */
    O run(I request, Deadline deadline);
}
