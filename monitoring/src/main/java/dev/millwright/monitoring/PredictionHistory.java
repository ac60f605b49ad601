package dev.millwright.monitoring;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Predictions that were logged. */
@FunctionalInterface
public interface PredictionHistory {
    /**
     * Those of an endpoint, one element a version and role; empty when there are none.
     *
     * @param from inclusive
     * @param to exclusive
     */
    List<LoggedPredictions> read(String endpoint, Instant from, Instant to);

    /** Those among them that have one of these ids. */
    default List<LoggedPredictions> read(String endpoint, Instant from, Instant to, Set<String> ids) {
        return read(endpoint, from, to).stream()
                .map(predictions ->
                        predictions.select(IntStream.range(0, predictions.ids().size())
                                .filter(row -> ids.contains(predictions.ids().get(row)))
                                .toArray()))
                .filter(predictions -> !predictions.ids().isEmpty())
                .toList();
    }
}
