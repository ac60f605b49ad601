package dev.millwright.monitoring;

import dev.millwright.monitoring.MonitorConfig.OnBreach;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An alert that opened or closed.
 *
 * @param columns that drifted, the largest effect first; empty for quality
 * @param values the figures, by name: PSI by column, or the metric, its interval, the limit and the number of labels
 * @param message one sentence
 */
public record MonitorEvent(
        String endpoint,
        String model,
        int version,
        Kind kind,
        State state,
        Instant time,
        List<String> columns,
        Map<String, Double> values,
        String message,
        OnBreach onBreach) {
    /** What was found. */
    public enum Kind {
        DRIFT,
        QUALITY
    }

    /** Whether it begins or ends. */
    public enum State {
        OPENED,
        CLOSED
    }

    public MonitorEvent {
        columns = List.copyOf(columns);
        values = Collections.unmodifiableMap(new TreeMap<>(values));
    }
}
