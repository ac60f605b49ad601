package dev.millwright.serving;

import dev.millwright.serving.protocol.Tensor;
import java.util.List;

/**
 * A decoded request with tensors for a model that takes them as they are.
 *
 * @param target which model is asked, and by whom
 * @param inputs by name, in any order
 */
public record TensorCall(CallTarget target, List<Tensor> inputs) {
    public TensorCall {
        inputs = List.copyOf(inputs);
    }
}
