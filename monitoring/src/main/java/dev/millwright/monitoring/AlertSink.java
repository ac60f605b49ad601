package dev.millwright.monitoring;

/** Where alerts go. Implementations are thread-safe. */
@FunctionalInterface
public interface AlertSink {
    /** Takes the alert; returns soon. A failure to take it is thrown, and the other sinks still get it. */
    void accept(MonitorEvent event);
}
