package dev.millwright.serving;

import dev.millwright.core.Frame;
import java.util.List;
import java.util.Optional;

/**
 * A decoded inference request.
 *
 * @param id the client's own, to be echoed
 * @param rows the signature's columns in its order
 * @param outputs those asked for; empty means all
 */
public record InferRequest(Optional<String> id, Frame rows, List<String> outputs) {
    public InferRequest {
        outputs = List.copyOf(outputs);
    }
}
