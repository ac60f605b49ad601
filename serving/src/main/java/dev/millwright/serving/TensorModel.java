package dev.millwright.serving;

import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorMetadata;
import java.util.List;

/** A loaded model that takes and gives tensors of any type and shape. Thread-safe. */
public non-sealed interface TensorModel extends LoadedModel {
    /** What it takes. */
    List<TensorMetadata> inputs();

    /** What it gives. */
    List<TensorMetadata> outputs();

    /**
     * Whether the first dimension of all inputs and outputs is a number of rows that do not depend on each other, so that
     * requests may be joined.
     */
    boolean takesBatches();

    /**
     * Runs the model.
     *
     * @param inputs those of {@link #inputs()} in that order, of their datatypes and shapes
     * @return those of {@link #outputs()} in that order
     * @throws dev.millwright.core.MillwrightException {@link ServingError#RUNTIME_CLOSED} after {@link #close},
     *     {@link ServingError#INFERENCE_FAILED} when the model fails
     */
    List<Tensor> run(List<Tensor> inputs);

    /** The same for whoever waits until then; a model that runs in this process finishes what it began. */
    default List<Tensor> run(List<Tensor> inputs, Deadline deadline) {
        return run(inputs);
    }
}
