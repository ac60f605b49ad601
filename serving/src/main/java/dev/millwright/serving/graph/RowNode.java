package dev.millwright.serving.graph;

import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import dev.millwright.serving.Deadline;

/** A part of a graph that takes feature rows: a model, or a way of asking several parts. Immutable, thread-safe. */
public sealed interface RowNode permits ModelNode, Average, Vote, Stacking, Choose, Cascade {
    /** What it takes and gives. */
    ModelSignature signature();

    /**
     * Asks it.
     *
     * @param rows the columns of the signature, in its order
     * @param deadline after which nobody waits any more; a model that runs in this process finishes what it began
     */
    Predictions predict(Frame rows, Deadline deadline);

    /** How long it takes, going by its models of late, in nanoseconds. */
    long recentNanos();
}
