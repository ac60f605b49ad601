package dev.millwright.registry;

import java.time.Instant;

/**
 * One value of a metric of a run.
 *
 * @param value any double; NaN and infinities are kept
 * @param timestamp when it was measured, kept to the microsecond
 * @param step the iteration that it belongs to; 0 when there are none
 */
public record Metric(String key, double value, Instant timestamp, long step) {
    public Metric {
        Names.require("metric", key);
    }
}
