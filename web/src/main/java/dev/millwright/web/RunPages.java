package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.LoggedModel;
import dev.millwright.registry.PipelineRun;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunDetails;
import dev.millwright.registry.RunFilter;
import dev.millwright.registry.RunKind;
import dev.millwright.registry.RunStatus;
import dev.millwright.registry.Tracking.FullRun;
import dev.millwright.web.page.OverviewPage;
import dev.millwright.web.page.RunPage;
import dev.millwright.web.page.RunQuery;
import dev.millwright.web.page.RunRow;
import dev.millwright.web.page.Section;
import dev.millwright.web.page.StepList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The pages about runs. */
final class RunPages {
    private static final int ROWS = 30;
    private static final int CHILDREN = 100;

    private final Site site;
    private final RunList rows;
    private final StepLists steps;
    private final RunFacts facts;

    RunPages(Site site) {
        this.site = site;
        this.rows = new RunList(site);
        this.steps = new StepLists(site);
        this.facts = new RunFacts(site);
    }

    void add(Routes routes) {
        new RunSearchPages(site).add(routes);
        routes.get("/runs/{run}", Operation.page("A run"), this::run);
        routes.get("/runs/{run}/steps", Operation.page("The steps of a run, while it is at work"), this::steps);
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
        FullRun full = site.registry().tracking().load(run.id());
        List<LoggedModel> models = site.registry().loggedModels().madeBy(run.id());
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
                                rows.row(run, full.details()),
                                steps.of(run),
                                RunMetrics.table(full.details()),
                                CompareChoices.curves(call, histories(full.details())),
                                RunFacts.of(full.details().params()),
                                facts.about(full, pipeline),
                                facts.logged(full, models),
                                datasets(run),
                                children,
                                FilePages.browser(call, FileShelf.of(site.registry(), run, models)),
                                pipeline.map(PipelineRun::fileText)));
    }

    private static List<String> histories(RunDetails details) {
        return RunMetrics.histories(details).stream()
                .sorted(Comparator.comparing(RunMetrics::isOfTheMachine).thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    private List<RunPage.DatasetRow> datasets(Run run) {
        return site.registry().datasets().usedBy(run.id()).stream()
                .map(dataset -> new RunPage.DatasetRow(
                        dataset.dataset(), dataset.version(), dataset.rowsRead(), dataset.quarantined()))
                .toList();
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
