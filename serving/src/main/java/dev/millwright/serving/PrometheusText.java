package dev.millwright.serving;

import dev.millwright.serving.MetricsSnapshot.VersionMetrics;
import dev.millwright.serving.VersionStatistics.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Writes metrics in Prometheus's text exposition format, version 0.0.4. */
public final class PrometheusText {
    private static final List<Duration> BUCKETS = List.of(
            Duration.ofNanos(100_000),
            Duration.ofNanos(250_000),
            Duration.ofNanos(500_000),
            Duration.ofMillis(1),
            Duration.ofNanos(2_500_000),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofMillis(2_500),
            Duration.ofSeconds(10));

    private final StringBuilder text = new StringBuilder();

    private PrometheusText() {}

    /** The content type to send it with. */
    public static String contentType() {
        return "text/plain; version=0.0.4; charset=utf-8";
    }

    /** All metrics of the snapshot. */
    public static String write(MetricsSnapshot snapshot) {
        PrometheusText writer = new PrometheusText();
        writer.requests(snapshot.versions());
        writer.latencies(snapshot.versions());
        writer.cached(snapshot.versions());
        writer.gauge(
                "millwright_queued_rows", "Rows that wait for the model.", snapshot.versions(), v -> v.queuedRows());
        writer.gauge(
                "millwright_traffic_weight",
                "Share of the traffic, relative to the endpoint's other versions.",
                snapshot.versions(),
                VersionMetrics::weight);
        writer.counter(
                "millwright_prediction_log_dropped_total",
                "Answered requests that the prediction log had no room for.",
                snapshot.droppedPredictions());
        writer.counter(
                "millwright_shadow_dropped_total",
                "Copies that were not sent to a shadow for want of room.",
                snapshot.droppedShadows());
        writer.gauge(
                "millwright_models_loaded", "Models in memory.", snapshot.pool().loaded());
        writer.gauge(
                "millwright_models_memory_bytes",
                "Memory that loading them took.",
                snapshot.pool().bytes());
        writer.counter(
                "millwright_model_loads_total",
                "Models that were loaded.",
                snapshot.pool().loads());
        writer.counter(
                "millwright_model_evictions_total",
                "Models that were freed for want of memory.",
                snapshot.pool().evictions());
        return writer.text.toString();
    }

    private void requests(List<VersionMetrics> versions) {
        head("millwright_requests_total", "Requests by how they ended.", "counter");
        for (VersionMetrics version : versions) {
            for (Outcome outcome : Outcome.values()) {
                line(
                        "millwright_requests_total",
                        labels(version) + ",outcome=\"" + outcome.label() + '"',
                        Long.toString(version.statistics().count(outcome)));
            }
        }
        head("millwright_predicted_rows_total", "Rows that were predicted.", "counter");
        for (VersionMetrics version : versions) {
            line(
                    "millwright_predicted_rows_total",
                    labels(version),
                    Long.toString(version.statistics().rows()));
        }
    }

    private void cached(List<VersionMetrics> versions) {
        String name = "millwright_cache_lookups_total";
        head(name, "Requests whose answer was looked for among those that are kept.", "counter");
        for (VersionMetrics version : versions) {
            line(
                    name,
                    labels(version) + ",result=\"hit\"",
                    Long.toString(version.cached().hits()));
            line(
                    name,
                    labels(version) + ",result=\"miss\"",
                    Long.toString(version.cached().misses()));
        }
    }

    private void latencies(List<VersionMetrics> versions) {
        String name = "millwright_request_duration_seconds";
        head(name, "From the call to the answer, waiting included.", "histogram");
        for (VersionMetrics version : versions) {
            StatisticsSnapshot statistics = version.statistics();
            for (Duration bucket : BUCKETS) {
                line(
                        name + "_bucket",
                        labels(version) + ",le=\"" + seconds(bucket.toNanos()) + '"',
                        Long.toString(statistics.timedWithin(bucket)));
            }
            String count = Long.toString(statistics.timed());
            line(name + "_bucket", labels(version) + ",le=\"+Inf\"", count);
            line(name + "_sum", labels(version), seconds(statistics.latencySumNanos()));
            line(name + "_count", labels(version), count);
        }
    }

    private static String seconds(long nanos) {
        return Double.toString(nanos / 1e9);
    }

    private void gauge(
            String name, String help, List<VersionMetrics> versions, ToDoubleFunction<VersionMetrics> value) {
        head(name, help, "gauge");
        versions.forEach(version -> line(name, labels(version), Double.toString(value.applyAsDouble(version))));
    }

    private void gauge(String name, String help, long value) {
        single(name, help, "gauge", value);
    }

    private void counter(String name, String help, long value) {
        single(name, help, "counter", value);
    }

    private void single(String name, String help, String type, long value) {
        head(name, help, type);
        text.append(name).append(' ').append(value).append('\n');
    }

    private void head(String name, String help, String type) {
        text.append(String.format(Locale.ROOT, "# HELP %s %s%n# TYPE %s %s%n", name, help, name, type)
                .replace("\r\n", "\n"));
    }

    private void line(String name, String labels, String value) {
        text.append(name).append('{').append(labels).append("} ").append(value).append('\n');
    }

    private static String labels(VersionMetrics version) {
        return "endpoint=\"" + escape(version.endpoint()) + "\",model=\"" + escape(version.model()) + "\",version=\""
                + version.version() + '"';
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
