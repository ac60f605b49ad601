package dev.millwright.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.EventDesk;
import dev.millwright.pipelines.jobs.JobCount;
import dev.millwright.pipelines.jobs.JobDesk;
import dev.millwright.serving.BackendText;
import dev.millwright.serving.PrometheusText;
import dev.millwright.serving.Router;
import java.lang.management.ManagementFactory;

/** What a supervisor and a metrics collector ask. */
final class HealthRoutes {
    private static final MediaType PROMETHEUS = MediaType.parse("text/plain; version=0.0.4; charset=utf-8");

    private HealthRoutes() {}

    private record Alive(boolean live) {}

    private record Ready(boolean ready) {}

    /** Whether clients should be sent here, by the status and in the body. */
    static HttpResponse ready(Readiness readiness) {
        return Json.respond(
                readiness.isReady() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE, new Ready(readiness.isReady()));
    }

    static void add(Routes routes, Router router, JobDesk jobs, EventDesk events, Readiness readiness) {
        routes.get(
                "/healthz",
                Operation.answers(Topic.SERVER, "Whether the process lives", Alive.class),
                call -> Json.respond(new Alive(true)));
        routes.get(
                "/readyz",
                Operation.answers(Topic.SERVER, "Whether requests may come", Ready.class),
                call -> ready(readiness));
        routes.get(
                "/metrics",
                Operation.gives(Topic.SERVER, "Counts and times, as Prometheus reads them", "text/plain"),
                call -> metrics(router, jobs, events));
    }

    private static HttpResponse metrics(Router router, JobDesk jobs, EventDesk events) {
        Runtime runtime = Runtime.getRuntime();
        String process = "# HELP process_uptime_seconds Time since the process started.\n"
                + "# TYPE process_uptime_seconds gauge\n"
                + "process_uptime_seconds "
                + ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0 + "\n"
                + "# HELP jvm_memory_used_bytes Heap in use.\n"
                + "# TYPE jvm_memory_used_bytes gauge\n"
                + "jvm_memory_used_bytes{area=\"heap\"} " + (runtime.totalMemory() - runtime.freeMemory()) + "\n";
        return HttpResponse.of(
                HttpStatus.OK,
                PROMETHEUS,
                HttpData.ofUtf8(PrometheusText.write(router.metrics())
                        + BackendText.write(router)
                        + jobs(jobs)
                        + EventText.write(events.status())
                        + process));
    }

    private static String jobs(JobDesk jobs) {
        try {
            return write(jobs);
        } catch (MillwrightException away) {
            // A comment: what else there is to say must not be missed for the sake of the jobs.
            return "# " + String.valueOf(away.getMessage()).replace('\n', ' ') + '\n';
        }
    }

    private static String write(JobDesk jobs) {
        StringBuilder text = new StringBuilder("""
                # HELP millwright_jobs Requests to be answered later, by how they stand.
                # TYPE millwright_jobs gauge
                """);
        for (JobCount count : jobs.counts()) {
            text.append("millwright_jobs{endpoint=\"")
                    .append(count.endpoint())
                    .append("\",state=\"")
                    .append(count.state().word())
                    .append("\"} ")
                    .append(count.jobs())
                    .append('\n');
        }
        return text.append("# HELP millwright_jobs_bytes What their requests and answers take.\n")
                .append("# TYPE millwright_jobs_bytes gauge\n")
                .append("millwright_jobs_bytes ")
                .append(jobs.bytes())
                .append('\n')
                .toString();
    }
}
