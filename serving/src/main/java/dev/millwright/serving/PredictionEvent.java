package dev.millwright.serving;

import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A request that was answered, for the prediction log.
 *
 * @param predictionId the request's id; a row's is {@link #predictionId(int)}
 * @param time when the request arrived
 * @param keys empty, or one a row
 * @param nanos from the call to the answer
 */
public record PredictionEvent(
        String predictionId,
        Instant time,
        String endpoint,
        String model,
        int version,
        Role role,
        Optional<String> clientId,
        List<RowKey> keys,
        Frame rows,
        Predictions predictions,
        long nanos) {
    /** Whether anybody saw the answer. */
    public enum Role {
        SERVED,
        SHADOW
    }

    /** The id of one row's prediction. */
    public String predictionId(int row) {
        return InferenceResult.rowId(predictionId, row);
    }
}
