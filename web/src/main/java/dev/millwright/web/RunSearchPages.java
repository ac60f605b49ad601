package dev.millwright.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Page;
import dev.millwright.registry.RegisteredModel;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunFilter;
import dev.millwright.registry.RunKind;
import dev.millwright.registry.RunStatus;
import dev.millwright.registry.SearchMistakeException;
import dev.millwright.registry.SearchRequest;
import dev.millwright.web.page.RunChildren;
import dev.millwright.web.page.RunColumn;
import dev.millwright.web.page.RunLine;
import dev.millwright.web.page.RunOrder;
import dev.millwright.web.page.RunQuery;
import dev.millwright.web.page.RunsPage;
import dev.millwright.web.page.RunsPage.Choices;
import dev.millwright.web.page.RunsPage.ExperimentChoice;
import dev.millwright.web.page.RunsPage.Mistake;
import dev.millwright.web.page.Section;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The list of runs: searched, sorted and folded on the server, a page at a time. */
final class RunSearchPages {
    private static final int ROWS = 50;
    private static final int COLUMNS_OFFERED = 40;

    private final Site site;
    private final RunLines lines;
    private final RunNames names;

    RunSearchPages(Site site) {
        this.site = site;
        this.lines = new RunLines(site);
        this.names = new RunNames(site);
    }

    void add(Routes routes) {
        routes.get("/runs", Operation.page("Runs, searched and sorted"), this::list);
        routes.get("/runs/keys", RunNames.OPERATION, names::keys);
        routes.get("/runs/{run}/children", Operation.page("The runs within a run"), this::children);
    }

    private static RunQuery query(Call call) {
        return new RunQuery(
                call.query("experiment"),
                call.query("pipeline"),
                call.query("status"),
                call.query("kind").orElse(RunQuery.OUTERMOST),
                call.query("filter").orElse(""),
                call.query("order").flatMap(RunOrder::parse),
                RunColumn.parseAll(call.queries("cols")),
                call.query("after"));
    }

    private HttpResponse list(Call call) {
        RunQuery query = query(call);
        RunFilter among = RunPages.filter(query.pipeline(), query.status(), query.kind());
        if (isFromForm(call)) {
            return HttpResponse.ofRedirect(HttpStatus.SEE_OTHER, query.href());
        }
        try {
            Page<Run> found = find(query.experiment().map(among::experiment).orElse(among), query);
            return site.templates().page("runs", page(query, found, Optional.empty()));
        } catch (SearchMistakeException wrong) {
            return page(query, wrong, Optional.of(wrong.column()));
        } catch (InvalidInputException wrong) {
            return page(query, wrong, Optional.empty());
        }
    }

    /** A form sends all its fields; the address that people share has only those that say something. */
    private static boolean isFromForm(Call call) {
        List<String> columns = call.queries("cols");
        return columns.size() > 1
                || call.context().queryParams().stream()
                        .anyMatch(parameter -> parameter.getValue().isBlank());
    }

    private Page<Run> find(RunFilter among, RunQuery query) {
        if (!query.isSearch()) {
            return site.registry().runs().list(among, ROWS, query.after());
        }
        String[] order = query.order().map(RunOrder::text).stream().toArray(String[]::new);
        return site.registry()
                .runs()
                .search(
                        among,
                        SearchRequest.of(query.filter(), ROWS).orderedBy(order).after(query.after()));
    }

    /** The page with the mistake in place of runs; it shows the filter itself, so the message need not. */
    private HttpResponse page(RunQuery query, MillwrightException wrong, Optional<Integer> column) {
        String message =
                Objects.requireNonNullElse(wrong.getMessage(), "").replace("filter: " + query.filter() + ": ", "");
        byte[] page = site.templates()
                .render(
                        "runs",
                        page(
                                query,
                                new Page<>(List.of(), Optional.empty()),
                                Optional.of(new Mistake(message, column))));
        return HttpResponse.of(HttpStatus.BAD_REQUEST, Templates.HTML, HttpData.wrap(page));
    }

    private RunsPage page(RunQuery asked, Page<Run> found, Optional<Mistake> mistake) {
        RunQuery query = lines.withColumns(asked, found.items());
        List<RunLine> shown = lines.of(found.items(), query);
        return new RunsPage(
                site.head("Runs", Section.RUNS),
                query,
                choices(query, found.items()),
                shown,
                RunLines.headings(query, shown),
                mistake,
                found.next().map(next -> query.after(Optional.of(next)).href()));
    }

    private Choices choices(RunQuery query, List<Run> runs) {
        Set<RunColumn> columns = new LinkedHashSet<>(query.columns());
        columns.addAll(names.columns(query.experiment(), COLUMNS_OFFERED));
        return new Choices(
                site.registry().experiments().list().stream()
                        .map(experiment -> new ExperimentChoice(experiment.id(), experiment.name()))
                        .toList(),
                pipelines(runs, query.pipeline()),
                RunPages.labels(RunStatus.values()),
                RunPages.labels(RunKind.values()),
                List.copyOf(columns));
    }

    /** Those to choose from: of registered models, which have their pipeline's name, and of the runs in sight. */
    private List<String> pipelines(List<Run> runs, Optional<String> chosen) {
        Set<String> known = new TreeSet<>();
        site.registry().models().list().stream().map(RegisteredModel::name).forEach(known::add);
        runs.stream().flatMap(run -> run.pipeline().stream()).forEach(known::add);
        chosen.ifPresent(known::add);
        return List.copyOf(known);
    }

    /** Rows for a list that is shown already: the runs within one, with the columns and the order of the list. */
    private HttpResponse children(Call call) {
        Run parent = site.registry().runs().load(call.path("run"));
        RunQuery query = query(call);
        int level = call.number("level", 1);
        Page<Run> found = find(RunFilter.ALL.parent(parent.id()), query);
        return site.templates()
                .page(
                        "runChildren",
                        new RunChildren(
                                query,
                                parent.id(),
                                lines.of(found.items(), query, level, Optional.of(parent.id())),
                                found.next().map(next -> query.children(parent.id(), level, Optional.of(next)))));
    }
}
