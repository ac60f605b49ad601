package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.core.Event;
import dev.millwright.registry.Endpoint;
import dev.millwright.registry.EventFilter;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.Page;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.RegisteredModel;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunArtifact;
import dev.millwright.registry.RunDetails;
import dev.millwright.registry.Served;
import dev.millwright.registry.Step;
import dev.millwright.registry.TimelineEntry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        routes.get("/api/v1", handlers::index);
        routes.get("/api/v1/runs", handlers::runs);
        routes.get("/api/v1/runs/{run}", handlers::run);
        routes.get("/api/v1/models", handlers::models);
        routes.get("/api/v1/endpoints", handlers::endpoints);
        routes.get("/api/v1/endpoints/{endpoint}/timeline", handlers::timeline);
        routes.get("/api/v1/events", handlers::events);
    }

    /** Where to go on. */
    record Index(List<String> resources) {}

    /** A run in a list. */
    record RunAnswer(
            String id,
            String name,
            String kind,
            String status,
            Optional<String> pipeline,
            Optional<String> parent,
            Instant started,
            Optional<Instant> ended,
            Optional<String> error) {
        static RunAnswer of(Run run) {
            return new RunAnswer(
                    run.id(),
                    run.name(),
                    RunPages.label(run.kind()),
                    RunPages.label(run.status()),
                    run.pipeline(),
                    run.parentId(),
                    run.started(),
                    run.ended(),
                    run.error());
        }
    }

    /** Part of the runs; {@code next} goes into {@code after} for the rest. */
    record RunsAnswer(List<RunAnswer> runs, Optional<String> next) {}

    /** A step of a run. */
    record StepAnswer(
            String name,
            int ordinal,
            String status,
            int attempt,
            Instant started,
            Optional<Instant> ended,
            Optional<String> reusedFrom,
            Optional<String> error) {
        static StepAnswer of(Step step) {
            return new StepAnswer(
                    step.name(),
                    step.ordinal(),
                    RunPages.label(step.status()),
                    step.attempt(),
                    step.started(),
                    step.ended(),
                    step.reusedFrom(),
                    step.error());
        }
    }

    /** A dataset version that a run read. */
    record DatasetAnswer(String name, int version, long snapshot, long rowsRead, long rows, long quarantined) {
        static DatasetAnswer of(RecordedDataset dataset) {
            return new DatasetAnswer(
                    dataset.dataset(),
                    dataset.version(),
                    dataset.snapshot(),
                    dataset.rowsRead(),
                    dataset.rows(),
                    dataset.quarantined());
        }
    }

    /** A file of a run or a model version. */
    record ArtifactAnswer(String path, String sha256, long size) {
        static ArtifactAnswer of(RunArtifact file) {
            return new ArtifactAnswer(
                    file.path(), file.artifact().sha256(), file.artifact().size());
        }
    }

    /** All that is known of a run. */
    record RunDetailsAnswer(
            RunAnswer run,
            Map<String, String> params,
            Map<String, Double> metrics,
            Map<String, String> tags,
            List<DatasetAnswer> datasets,
            List<StepAnswer> steps,
            List<ArtifactAnswer> artifacts) {}

    /** A model version. */
    record VersionAnswer(
            int version,
            String semanticVersion,
            String status,
            Optional<String> run,
            List<String> aliases,
            Instant created,
            List<ArtifactAnswer> artifacts) {
        static VersionAnswer of(ModelVersion version) {
            return new VersionAnswer(
                    version.version(),
                    version.semanticVersion().toString(),
                    RunPages.label(version.status()),
                    version.runId(),
                    version.aliases(),
                    version.created(),
                    version.artifacts().entrySet().stream()
                            .map(entry -> new ArtifactAnswer(
                                    entry.getKey(),
                                    entry.getValue().sha256(),
                                    entry.getValue().size()))
                            .toList());
        }
    }

    /** A model and its versions, newest first. */
    record ModelAnswer(String name, Instant created, Map<String, Integer> aliases, List<VersionAnswer> versions) {}

    /** A version's part of an endpoint's traffic. */
    record ServedAnswer(int version, String role, double percent) {
        static List<ServedAnswer> of(List<Served> versions) {
            return versions.stream()
                    .map(served -> new ServedAnswer(served.version(), RunPages.label(served.role()), served.percent()))
                    .toList();
        }
    }

    /** An endpoint and what serves it. */
    record EndpointAnswer(
            String name, String model, String status, List<ServedAnswer> versions, Instant since, String reason) {
        static EndpointAnswer of(Endpoint endpoint) {
            return new EndpointAnswer(
                    endpoint.name(),
                    endpoint.model(),
                    RunPages.label(endpoint.rollout().status()),
                    ServedAnswer.of(endpoint.rollout().versions()),
                    endpoint.since(),
                    endpoint.rollout().reason());
        }
    }

    /** What served from {@code time} on. */
    record TimelineAnswer(
            long sequence,
            Instant time,
            String change,
            String model,
            String status,
            List<ServedAnswer> versions,
            String reason) {
        static TimelineAnswer of(TimelineEntry entry) {
            return new TimelineAnswer(
                    entry.sequence(),
                    entry.time(),
                    entry.change(),
                    entry.model(),
                    RunPages.label(entry.status()),
                    ServedAnswer.of(entry.versions()),
                    entry.reason());
        }
    }

    /** Entries of the record, oldest first; the last one's sequence goes into {@code after} for the rest. */
    record EventsAnswer(List<Event> events) {}

    private HttpResponse index(Call call) {
        return Json.respond(new Index(List.of(
                "/api/v1/runs",
                "/api/v1/runs/{run}",
                "/api/v1/models",
                "/api/v1/endpoints",
                "/api/v1/endpoints/{endpoint}/timeline",
                "/api/v1/events",
                "/v2/models",
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
        return Json.respond(Map.of(
                "models", registry.models().list().stream().map(this::model).toList()));
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
        return Json.respond(Map.of(
                "endpoints",
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
                Map.of("timeline", entries.stream().map(TimelineAnswer::of).toList()));
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
