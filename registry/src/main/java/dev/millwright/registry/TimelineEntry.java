package dev.millwright.registry;

import java.time.Instant;
import java.util.List;

/**
 * What served from {@code time} on, and why.
 *
 * @param sequence of the event that says so
 * @param change the event's type: {@code endpoint.promoted}
 * @param model the model whose versions these are
 */
public record TimelineEntry(
        long sequence,
        Instant time,
        String change,
        String model,
        RolloutStatus status,
        int stage,
        List<Served> versions,
        String reason) {
    public TimelineEntry {
        versions = List.copyOf(versions);
    }
}
