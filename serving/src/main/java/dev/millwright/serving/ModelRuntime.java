package dev.millwright.serving;

import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;

/** A loaded model that takes feature rows. Thread-safe. */
public non-sealed interface ModelRuntime extends LoadedModel {
    /** What the model takes and gives. */
    ModelSignature signature();

    /**
     * Predicts each row by itself: the answer for a row does not depend on the rows beside it, but for the last bits of its
     * scores, which may be summed in another order in a batch of another size.
     *
     * @param rows at least the columns of the signature, found by name, of the signature's types
     * @throws dev.millwright.core.InvalidInputException when a column is missing or has the wrong type
     * @throws dev.millwright.core.MillwrightException {@link ServingError#RUNTIME_CLOSED} after {@link #close},
     *     {@link ServingError#INFERENCE_FAILED} when the model fails
     */
    Predictions predict(Frame rows);

    /** The same for whoever waits until then; a model that runs in this process finishes what it began. */
    default Predictions predict(Frame rows, Deadline deadline) {
        return predict(rows);
    }

    /**
     * The signature's columns in its order; the frame itself when it has just these.
     *
     * @throws dev.millwright.core.InvalidInputException when a column is missing or has the wrong type
     */
    static Frame align(ModelSignature signature, Frame rows) {
        return InputFrames.align(signature, rows);
    }
}
