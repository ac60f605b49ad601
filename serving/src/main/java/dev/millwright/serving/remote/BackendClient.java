package dev.millwright.serving.remote;

import dev.millwright.serving.protocol.Tensor;
import java.time.Duration;
import java.util.List;

/** Speaks to one server about one model. Blocks its thread, which should be a virtual one. Thread-safe. */
public interface BackendClient {
    /**
     * Asks the model for all of its outputs.
     *
     * @param within how long to wait; the server is told
     * @return what came, of which nothing is known but that it holds together
     * @throws BackendException when there is no answer, or one that is none
     */
    List<Tensor> infer(List<Tensor> inputs, Duration within) throws BackendException;

    /** Whether the server, and the model on it, say that they are ready; false also when nothing is said in time. */
    boolean isReady(Duration within);

    /**
     * What the server says of the model.
     *
     * @throws BackendException when it does not, or not in a way that is understood
     */
    RemoteDescription describe(Duration within) throws BackendException;
}
