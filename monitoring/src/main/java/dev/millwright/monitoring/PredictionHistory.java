package dev.millwright.monitoring;

import java.time.Instant;
import java.util.List;

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
}
