package dev.millwright.serving;

import dev.millwright.serving.BackendStatus.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Writes how other servers stand that answer for models, in Prometheus's text exposition format. */
public final class BackendText {
    private final List<Line> lines;
    private final StringBuilder text = new StringBuilder();

    /** A server of a version on an endpoint. */
    private record Line(String labels, BackendStatus status) {}

    private BackendText(List<Line> lines) {
        this.lines = lines;
    }

    /** All servers that answer for what serves; empty when none do. */
    public static String write(Router router) {
        List<Line> lines = new ArrayList<>();
        for (Route route : router.list()) {
            List<WeightedVersion> versions = new ArrayList<>(route.versions());
            route.shadow().ifPresent(versions::add);
            for (WeightedVersion version : versions) {
                for (BackendStatus status : router.backends(route.endpoint(), version.version())) {
                    lines.add(new Line(
                            "endpoint=\"" + route.endpoint() + "\",version=\"" + version.version() + "\",backend=\""
                                    + status.url().replace("\\", "\\\\").replace("\"", "\\\"") + '"',
                            status));
                }
            }
        }
        return lines.isEmpty() ? "" : new BackendText(lines).write();
    }

    private String write() {
        each("millwright_backend_outstanding", "Calls under way.", "gauge", status -> "" + status.outstanding());
        for (State state : State.values()) {
            String label = ",state=\"" + state.name().toLowerCase(Locale.ROOT) + '"';
            each(
                    "millwright_backend_state",
                    "1 for the state that the server is in.",
                    "gauge",
                    label,
                    status -> status.state() == state ? "1" : "0");
        }
        String calls = "millwright_backend_calls_total";
        String help = "Calls by how they ended.";
        each(calls, help, "counter", ",outcome=\"answered\"", status -> "" + status.answered());
        each(calls, help, "counter", ",outcome=\"failed\"", status -> "" + status.failed());
        each(calls, help, "counter", ",outcome=\"put_off\"", status -> "" + status.busy());
        each(
                "millwright_backend_call_seconds_total",
                "Time that calls took together.",
                "counter",
                status -> Double.toString(status.nanos() / 1e9));
        each(
                "millwright_backend_retries_total",
                "Calls that were made again because of this server.",
                "counter",
                status -> "" + status.retried());
        each(
                "millwright_backend_ejections_total",
                "How often the server was taken out.",
                "counter",
                status -> "" + status.ejections());
        return text.toString();
    }

    private void each(String name, String help, String type, Function<BackendStatus, String> value) {
        each(name, help, type, "", value);
    }

    private void each(String name, String help, String type, String more, Function<BackendStatus, String> value) {
        String head = "# HELP " + name + ' ' + help + '\n';
        if (text.indexOf(head) < 0) {
            text.append(head)
                    .append("# TYPE ")
                    .append(name)
                    .append(' ')
                    .append(type)
                    .append('\n');
        }
        for (Line line : lines) {
            text.append(name)
                    .append('{')
                    .append(line.labels())
                    .append(more)
                    .append("} ")
                    .append(value.apply(line.status()))
                    .append('\n');
        }
    }
}
