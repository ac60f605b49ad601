package dev.millwright.serving;

import dev.millwright.core.Predictions;

/**
 * The answer to a request.
 *
 * @param predictionId a UUIDv7 that the server made
 * @param nanos from the call to the answer, waiting included
 */
public record InferenceResult(
        String predictionId, String endpoint, int modelVersion, Predictions predictions, long nanos) {
    /** The id of one row's prediction, by which feedback finds it. */
    public String predictionId(int row) {
        return rowId(predictionId, row);
    }

    static String rowId(String predictionId, int row) {
        return predictionId + '-' + row;
    }
}
