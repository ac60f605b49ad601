package dev.millwright.serving;

import dev.millwright.serving.protocol.FeatureTensors;
import dev.millwright.serving.protocol.InferRequest;
import dev.millwright.serving.protocol.SentRequest;
import dev.millwright.serving.protocol.Tensor;
import java.util.List;

/**
 * A request with tensors for whichever version is chosen, be it one that takes feature rows.
 *
 * @param target which model is asked, and by whom
 * @param head what was sent beside the tensors
 * @param sent all of it
 */
public record RequestCall(CallTarget target, InferRequest head, SentRequest sent) {
    /** The outputs that are wanted. */
    TensorResult answer(PredictionEvent event) {
        List<Tensor> outputs = switch (event.exchange()) {
            case PredictionEvent.Rows rows -> FeatureTensors.outputs(head, rows.predictions(), event::predictionId);
            case PredictionEvent.Tensors tensors ->
                head.outputs().isEmpty()
                        ? tensors.outputs()
                        : tensors.outputs().stream()
                                .filter(output -> head.wants(output.name()))
                                .toList();
        };
        return new TensorResult(event.predictionId(), event.endpoint(), event.version(), outputs, event.nanos());
    }
}
