package dev.millwright.web;

import dev.millwright.pipelines.EventStatus;
import java.util.List;
import java.util.function.ToLongFunction;

/** Writes how endpoints' events stand in Prometheus's text format. */
final class EventText {
    private final List<EventStatus> endpoints;
    private final StringBuilder text = new StringBuilder();

    private EventText(List<EventStatus> endpoints) {
        this.endpoints = endpoints;
    }

    static String write(List<EventStatus> endpoints) {
        if (endpoints.isEmpty()) {
            return "";
        }
        EventText writer = new EventText(endpoints);
        writer.head("millwright_events_total", "counter", "Events taken, by how their time lies to that of others.");
        writer.line(
                "millwright_events_total",
                "time=\"in_time\"",
                status -> status.counts().inTime());
        writer.line(
                "millwright_events_total",
                "time=\"late\"",
                status -> status.counts().late());
        writer.line(
                "millwright_events_total",
                "time=\"ahead\"",
                status -> status.counts().ahead());
        writer.metric(
                "millwright_events_again_total",
                "counter",
                "Events sent under an id that came before: answered, not counted again.",
                status -> status.counts().again());
        writer.metric(
                "millwright_event_requests_unlogged_total",
                "counter",
                "Requests answered while the log of events could not be written.",
                status -> status.counts().unlogged());
        writer.metric(
                "millwright_events_lost_total",
                "counter",
                "Events that a restart will forget, for there was no room for them on disk or in memory.",
                status -> status.log().lostEvents());
        writer.metric(
                "millwright_event_log_waiting",
                "gauge",
                "Events that are not in a file yet.",
                status -> status.log().waitingEvents());
        writer.metric(
                "millwright_event_log_events",
                "gauge",
                "Events in the log.",
                status -> status.log().events());
        writer.metric(
                "millwright_event_log_bytes",
                "gauge",
                "What the log takes.",
                status -> status.log().bytes());
        writer.metric(
                "millwright_event_log_damaged_bytes",
                "gauge",
                "Bytes of the log that were damaged on disk.",
                status -> status.log().damagedBytes());
        writer.metric("millwright_window_keys", "gauge", "Keys that windows have events of.", EventStatus::keys);
        return writer.text.toString();
    }

    private void metric(String name, String type, String help, ToLongFunction<EventStatus> value) {
        head(name, type, help);
        line(name, "", value);
    }

    private void head(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void line(String name, String label, ToLongFunction<EventStatus> value) {
        for (EventStatus status : endpoints) {
            text.append(name)
                    .append("{endpoint=\"")
                    .append(status.endpoint())
                    .append(label.isEmpty() ? "\"} " : "\"," + label + "} ")
                    .append(value.applyAsLong(status))
                    .append('\n');
        }
    }
}
