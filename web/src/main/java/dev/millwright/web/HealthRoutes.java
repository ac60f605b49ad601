package dev.millwright.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
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

    static void add(Routes routes, Router router, Readiness readiness) {
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
                call -> metrics(router));
    }

    private static HttpResponse metrics(Router router) {
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
                HttpData.ofUtf8(PrometheusText.write(router.metrics()) + BackendText.write(router) + process));
    }
}
