package dev.millwright.monitoring;

import java.time.Instant;
import java.util.List;

/** Labels in the order in which they first came, with the predictions that they are about. Thread-safe. */
@FunctionalInterface
public interface LabelFeed {
    /**
     * Some labels of an endpoint's predictions, those that came first before the others; {@link FeedbackStore#arrived}.
     *
     * @param since predictions made before are left out
     * @param after where the part before ended; empty at first
     */
    Part read(String endpoint, Instant since, String after);

    /**
     * Part of them.
     *
     * @param predictions one element a version and role; those that no label was about, or that are not logged, are left out
     * @param end to ask with for the next part
     * @param labels that were looked at; 0 when all that have come have been read
     */
    record Part(List<LabelledPredictions> predictions, String end, int labels) {
        public Part {
            predictions = List.copyOf(predictions);
        }
    }
}
