package dev.millwright.registry;

/**
 * One logged value as tables keep it.
 *
 * @param timestamp in microseconds since 1970
 * @param value 0 for NaN, which SQLite would store as NULL
 * @param nan 1 for NaN, 0 for a number
 */
record MetricRow(String runId, String key, long step, long timestamp, double value, int nan) {
    static MetricRow of(String runId, Metric metric) {
        boolean nan = Double.isNaN(metric.value());
        return new MetricRow(
                runId,
                metric.key(),
                metric.step(),
                Micros.of(metric.timestamp()),
                nan ? 0.0 : metric.value(),
                nan ? 1 : 0);
    }
}
