package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.registry.Endpoint;
import dev.millwright.registry.EventFilter;
import dev.millwright.registry.Page;
import dev.millwright.registry.RegisteredModel;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunDetails;
import dev.millwright.registry.TimelineEntry;
import dev.millwright.web.ApiAnswers.ArtifactAnswer;
import dev.millwright.web.ApiAnswers.DatasetAnswer;
import dev.millwright.web.ApiAnswers.EndpointAnswer;
import dev.millwright.web.ApiAnswers.EndpointsAnswer;
import dev.millwright.web.ApiAnswers.EventsAnswer;
import dev.millwright.web.ApiAnswers.Index;
import dev.millwright.web.ApiAnswers.ModelAnswer;
import dev.millwright.web.ApiAnswers.ModelsAnswer;
import dev.millwright.web.ApiAnswers.RunAnswer;
import dev.millwright.web.ApiAnswers.RunDetailsAnswer;
import dev.millwright.web.ApiAnswers.RunsAnswer;
import dev.millwright.web.ApiAnswers.StepAnswer;
import dev.millwright.web.ApiAnswers.TimelineAnswer;
import dev.millwright.web.ApiAnswers.TimelinesAnswer;
import dev.millwright.web.ApiAnswers.VersionAnswer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The state of the home as JSON, for programs that read. */
final class ApiRoutes {
    private static final int ROWS = 100;
    private static final int MOST_ROWS = 1_000;

    private final Registry registry;

    private ApiRoutes(Registry registry) {
        this.registry = registry;
    }

    static void add(Routes routes, Registry registry) {
        ApiRoutes handlers = new ApiRoutes(registry);
        routes.get("/api/v1", Operation.answers(Topic.SERVER, "Where to go on", Index.class), handlers::index);
        routes.get(
                "/api/v1/runs",
                Operation.answers(Topic.RUNS, "Runs, newest first", RunsAnswer.class)
                        .query("pipeline", "Only those of this pipeline.")
                        .query("status", "Only those with this status.")
                        .query("kind", "Only those of this kind: pipeline, training, trial or tracked.")
                        .number("limit", "At most so many, up to " + MOST_ROWS + "; " + ROWS + " unless said.")
                        .query("after", "What next said in the answer before."),
                handlers::runs);
        routes.get(
                "/api/v1/runs/{run}",
                Operation.answers(Topic.RUNS, "All that is known of a run", RunDetailsAnswer.class),
                handlers::run);
        routes.get(
                "/api/v1/models",
                Operation.answers(Topic.MODELS, "Models and their versions, newest first", ModelsAnswer.class),
                handlers::models);
        routes.get(
                "/api/v1/endpoints",
                Operation.answers(Topic.ENDPOINTS, "Endpoints and what serves them", EndpointsAnswer.class),
                handlers::endpoints);
        routes.get(
                "/api/v1/endpoints/{endpoint}/timeline",
                Operation.answers(Topic.ENDPOINTS, "What served, and why", TimelinesAnswer.class)
                        .query("at", "An instant: what served then."),
                handlers::timeline);
        routes.get(
                "/api/v1/events",
                Operation.answers(Topic.RECORD, "Entries of the record, oldest first", EventsAnswer.class)
                        .number("after", "Only those after the entry with this sequence.")
                        .query("type", "Only those of this type.")
                        .query("subject", "Only those about this id or name.")
                        .number("limit", "At most so many, up to " + MOST_ROWS + "; " + ROWS + " unless said."),
                handlers::events);
    }

    private HttpResponse index(Call call) {
        return Json.respond(new Index(List.of(
                "/api/v1/runs",
                "/api/v1/runs/{run}",
                "/api/v1/models",
                "/api/v1/endpoints",
                "/api/v1/endpoints/{endpoint}/timeline",
                "/api/v1/events",
                "/v2/models",
                "/openapi.json",
                "/metrics")));
    }

    private static int limit(Call call) {
        return Math.clamp(call.number("limit", ROWS), 1, MOST_ROWS);
    }

    private HttpResponse runs(Call call) {
        Page<Run> page = registry.runs()
                .list(
                        RunPages.filter(
                                call.query("pipeline"),
                                call.query("status"),
                                call.query("kind").orElse("all")),
                        limit(call),
                        call.query("after"));
        return Json.respond(
                new RunsAnswer(page.items().stream().map(RunAnswer::of).toList(), page.next()));
    }

    private HttpResponse run(Call call) {
        Run run = registry.runs().load(call.path("run"));
        RunDetails details = registry.runs().details(run.id());
        Map<String, Double> metrics = new LinkedHashMap<>();
        details.metrics().forEach((name, metric) -> metrics.put(name, metric.value()));
        return Json.respond(new RunDetailsAnswer(
                RunAnswer.of(run),
                details.params(),
                metrics,
                details.tags(),
                registry.datasets().usedBy(run.id()).stream()
                        .map(DatasetAnswer::of)
                        .toList(),
                registry.steps().list(run.id()).stream().map(StepAnswer::of).toList(),
                registry.runs().artifacts(run.id()).stream()
                        .map(ArtifactAnswer::of)
                        .toList()));
    }

    private HttpResponse models(Call call) {
        return Json.respond(new ModelsAnswer(
                registry.models().list().stream().map(this::model).toList()));
    }

    private ModelAnswer model(RegisteredModel model) {
        return new ModelAnswer(
                model.name(),
                model.created(),
                model.aliases(),
                registry.models().versions(model.name()).stream()
                        .map(VersionAnswer::of)
                        .toList());
    }

    private HttpResponse endpoints(Call call) {
        return Json.respond(new EndpointsAnswer(
                registry.endpoints().list().stream().map(EndpointAnswer::of).toList()));
    }

    private HttpResponse timeline(Call call) {
        Endpoint endpoint = registry.endpoints().load(call.path("endpoint"));
        List<TimelineEntry> entries = call.query("at")
                .map(text -> Times.parse("at", text))
                .map(instant -> registry.endpoints().servedAt(endpoint.name(), instant).stream()
                        .toList())
                .orElseGet(() -> registry.endpoints().timeline(endpoint.name()));
        return Json.respond(
                new TimelinesAnswer(entries.stream().map(TimelineAnswer::of).toList()));
    }

    private HttpResponse events(Call call) {
        EventFilter filter = new EventFilter(
                Math.max(0, call.number("after", 0)),
                call.query("type"),
                call.query("subject"),
                limit(call),
                EventFilter.Order.OLDEST_FIRST);
        return Json.respond(new EventsAnswer(registry.events().list(filter)));
    }
}
