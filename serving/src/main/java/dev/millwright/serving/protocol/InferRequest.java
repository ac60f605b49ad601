package dev.millwright.serving.protocol;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An inference request, decoded.
 *
 * @param id the client's own, to be echoed
 * @param parameters those of the request that are texts, numbers or truth values
 * @param inputs in the order in which they were sent
 * @param outputs those asked for; empty means all
 * @param form of the outputs when none is asked for by name
 */
public record InferRequest(
        Optional<String> id,
        Map<String, Object> parameters,
        List<Tensor> inputs,
        List<RequestedOutput> outputs,
        TensorForm form) {
    /** The parameter by which clients of Triton say how long they will wait, in microseconds. */
    static final String TIMEOUT = "timeout";

    public InferRequest {
        parameters = Map.copyOf(parameters);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** How long the client waits at most, in microseconds from the arrival of the request on, when it says so. */
    public OptionalLong timeoutMicros() {
        return parameters.get(TIMEOUT) instanceof Number number && number.longValue() > 0
                ? OptionalLong.of(number.longValue())
                : OptionalLong.empty();
    }

    /** The form of an output that was asked for, by name or by asking for none. */
    public TensorForm form(String output) {
        for (RequestedOutput requested : outputs) {
            if (requested.name().equals(output)) {
                return requested.form();
            }
        }
        return form;
    }

    /** Whether an output is to be sent. */
    public boolean wants(String output) {
        return outputs.isEmpty() || asksFor(output);
    }

    /** Whether an output is asked for by its name. */
    public boolean asksFor(String output) {
        for (RequestedOutput requested : outputs) {
            if (requested.name().equals(output)) {
                return true;
            }
        }
        return false;
    }
}
