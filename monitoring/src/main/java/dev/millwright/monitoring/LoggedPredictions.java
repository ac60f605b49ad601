package dev.millwright.monitoring;

import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;
import dev.millwright.serving.PredictionEvent;
import dev.millwright.serving.RowKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Logged predictions of one model version in one role, by time. All lists have an element a row.
 *
 * @param ids of the rows' predictions
 * @param keys entity and timestamp, where the request gave them
 */
public record LoggedPredictions(
        String endpoint,
        String model,
        int version,
        PredictionEvent.Role role,
        List<String> ids,
        List<Instant> times,
        List<Optional<RowKey>> keys,
        Frame rows,
        Predictions predictions) {
    public LoggedPredictions {
        ids = List.copyOf(ids);
        times = List.copyOf(times);
        keys = List.copyOf(keys);
        int expected = rows.rows();
        if (ids.size() != expected
                || times.size() != expected
                || keys.size() != expected
                || predictions.rows() != expected) {
            throw new IllegalArgumentException(
                    "rows: " + ids.size() + " ids, " + times.size() + " times, " + keys.size() + " keys, "
                            + predictions.rows() + " predictions (expected: " + expected + " of each)");
        }
    }

    /** The rows with these indices, in that order. */
    LoggedPredictions select(int[] indices) {
        return new LoggedPredictions(
                endpoint,
                model,
                version,
                role,
                Arrays.stream(indices).mapToObj(ids::get).toList(),
                Arrays.stream(indices).mapToObj(times::get).toList(),
                Arrays.stream(indices).mapToObj(keys::get).toList(),
                rows.select(indices),
                PredictionRows.select(predictions, indices));
    }
}
