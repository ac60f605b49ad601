package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import dev.millwright.core.Event;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.ClientFile;
import dev.millwright.registry.EventFilter;
import dev.millwright.registry.PipelineRun;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunArtifact;
import dev.millwright.registry.RunDetails;
import dev.millwright.registry.RunFilter;
import dev.millwright.registry.RunKind;
import dev.millwright.registry.RunStatus;
import dev.millwright.web.page.Fact;
import dev.millwright.web.page.Figures;
import dev.millwright.web.page.OverviewPage;
import dev.millwright.web.page.Paths;
import dev.millwright.web.page.RunPage;
import dev.millwright.web.page.RunQuery;
import dev.millwright.web.page.RunRow;
import dev.millwright.web.page.Section;
import dev.millwright.web.page.StepList;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The pages about runs. */
final class RunPages {
    private static final int ROWS = 30;
    private static final int TRIGGERS = 1_000;
    private static final int CHILDREN = 100;

    private final Site site;
    private final RunList rows;
    private final StepLists steps;

    RunPages(Site site) {
        this.site = site;
        this.rows = new RunList(site);
        this.steps = new StepLists(site);
    }

    void add(Routes routes) {
        new RunSearchPages(site).add(routes);
        routes.get("/runs/{run}", this::run);
        routes.get("/runs/{run}/steps", this::steps);
    }

    /** Pipelines that are at work, or wait for their turn. */
    List<OverviewPage.Running> running() {
        return site
                .registry()
                .runs()
                .list(RunFilter.ALL.kind(RunKind.PIPELINE).status(RunStatus.RUNNING), ROWS, Optional.empty())
                .items()
                .stream()
                .map(this::running)
                .toList();
    }

    private OverviewPage.Running running(Run run) {
        StepList list = steps.of(run);
        Optional<StepList.StepRow> last = list.steps().isEmpty()
                ? Optional.empty()
                : Optional.of(list.steps().getLast());
        return new OverviewPage.Running(
                rows.rows(List.of(run)).getFirst(),
                last.map(StepList.StepRow::name).orElse(""),
                last.map(StepList.StepRow::ordinal).orElse(0),
                list.total());
    }

    static RunFilter filter(Optional<String> pipeline, Optional<String> status, String kind) {
        RunFilter filter = switch (kind) {
            case RunQuery.ANY -> RunFilter.ALL;
            case RunQuery.OUTERMOST -> RunFilter.ALL.outermost();
            default -> RunFilter.ALL.kind(parse("kind", kind, RunKind.values()));
        };
        if (pipeline.isPresent()) {
            filter = filter.pipeline(pipeline.get());
        }
        return status.isPresent() ? filter.status(parse("status", status.get(), RunStatus.values())) : filter;
    }

    private static <E extends Enum<E>> E parse(String name, String text, E[] values) {
        return Arrays.stream(values)
                .filter(value -> label(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new MillwrightException(
                        WebError.BAD_REQUEST, name + ": '" + text + "' (expected: one of " + labels(values) + ")"));
    }

    static List<String> labels(Enum<?>[] values) {
        return Arrays.stream(values).map(RunPages::label).toList();
    }

    static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private HttpResponse run(Call call) {
        Run run = site.registry().runs().load(call.path("run"));
        RunDetails details = site.registry().runs().details(run.id());
        Optional<PipelineRun> pipeline = run.kind() == RunKind.PIPELINE
                ? Optional.of(site.registry().steps().load(run.id()))
                : Optional.empty();
        List<RunRow> children = rows.rows(site.registry()
                .runs()
                .list(RunFilter.ALL.parent(run.id()), CHILDREN, Optional.empty())
                .items());
        return site.templates()
                .page(
                        "run",
                        new RunPage(
                                site.head("Run of " + run.name(), Section.RUNS),
                                rows.row(run, details),
                                steps.of(run),
                                RunMetrics.table(details),
                                facts(details.params()),
                                facts(run, pipeline),
                                datasets(run),
                                children,
                                artifacts(run),
                                pipeline.map(PipelineRun::fileText)));
    }

    private static List<Fact> facts(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> new Fact(entry.getKey(), entry.getValue()))
                .toList();
    }

    private List<Fact> facts(Run run, Optional<PipelineRun> pipeline) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact(
                "Experiment",
                site.registry().experiments().load(run.experimentId()).name()));
        facts.add(new Fact("Kind", label(run.kind())));
        cause(run).ifPresent(cause -> facts.add(new Fact("Started by", cause)));
        run.parentId().ifPresent(parent -> facts.add(new Fact("Part of run", parent)));
        run.ended()
                .ifPresent(ended -> facts.add(new Fact("Took", Figures.seconds(Times.seconds(run.started(), ended)))));
        pipeline.ifPresent(known -> known.settings()
                .forEach((name, value) -> facts.add(new Fact(
                        switch (name) {
                            case "millwright.file" -> "File";
                            case "millwright.folder" -> "Folder";
                            default -> "${" + name + "}";
                        },
                        value))));
        return facts;
    }

    /** Why the run was started, when no person did. */
    private Optional<String> cause(Run run) {
        return site
                .registry()
                .events()
                .list(EventFilter.newest().type("trigger.fired").limit(TRIGGERS))
                .stream()
                .filter(event -> run.id().equals(event.data().get("run")))
                .map(Event::data)
                .map(data -> "trigger: " + data.getOrDefault("cause", ""))
                .findFirst();
    }

    private List<RunPage.DatasetRow> datasets(Run run) {
        return site.registry().datasets().usedBy(run.id()).stream()
                .map(dataset -> new RunPage.DatasetRow(
                        dataset.dataset(), dataset.version(), dataset.rowsRead(), dataset.quarantined()))
                .toList();
    }

    private List<RunPage.ArtifactRow> artifacts(Run run) {
        List<RunPage.ArtifactRow> rows = new ArrayList<>(site.registry().runs().artifacts(run.id()).stream()
                .map(file -> artifact(run, file))
                .toList());
        if (site.registry().clientFiles().keeps(run.artifactUri())) {
            site.registry()
                    .clientFiles()
                    .under(run.artifactUri())
                    .forEach((path, file) -> rows.add(sent(run, path, file)));
        }
        return rows;
    }

    /** A file that a client sent; it comes down as it went up, and is never shown in place. */
    private static RunPage.ArtifactRow sent(Run run, String path, ClientFile file) {
        return new RunPage.ArtifactRow(
                path,
                file.size(),
                Objects.requireNonNullElse(URLConnection.guessContentTypeFromName(path), "application/octet-stream"),
                file.sha256().orElse(""),
                "/get-artifact?run_uuid=" + Paths.part(run.id()) + "&path=" + Paths.part(path));
    }

    private static RunPage.ArtifactRow artifact(Run run, RunArtifact file) {
        return new RunPage.ArtifactRow(
                file.path(),
                file.artifact().size(),
                file.mediaType(),
                file.artifact().sha256(),
                Paths.run(run.id()) + "/artifacts/" + Paths.parts(file.path()));
    }

    /** The part of the page that changes while the run goes on; once it has ended, the browser is told to load anew. */
    private HttpResponse steps(Call call) {
        Run run = site.registry().runs().load(call.path("run"));
        StepList list = steps.of(run);
        if (!list.live()) {
            return HttpResponse.of(ResponseHeaders.builder(HttpStatus.OK)
                    .contentType(Templates.HTML)
                    .set("hx-refresh", "true")
                    .build());
        }
        return site.templates().page("steps", list);
    }
}
