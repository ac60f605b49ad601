package dev.millwright.registry;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What served from {@code time} on, and why.
 *
 * @param sequence of the event that says so
 * @param change the event's type: {@code endpoint.promoted}
 * @param model the model whose versions these are
 * @param figures that the decision rests on, a JSON document; empty when it rests on none
 */
public record TimelineEntry(
        long sequence,
        Instant time,
        String change,
        String model,
        RolloutStatus status,
        int stage,
        List<Served> versions,
        String reason,
        Optional<String> figures) {
    public TimelineEntry {
        versions = List.copyOf(versions);
    }
}
