package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunDetails;
import dev.millwright.web.page.ComparePage;
import dev.millwright.web.page.ComparePage.View;
import dev.millwright.web.page.Interval;
import dev.millwright.web.page.RunMark;
import dev.millwright.web.page.Section;
import dev.millwright.web.page.ValueTable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The page that compares runs: curves, parallel coordinates, a scatter and tables, all chosen by the address. */
final class RunComparison {
    private static final int FEWEST = 2;
    private static final int NAMED = 6;

    private final Site site;

    RunComparison(Site site) {
        this.site = site;
    }

    void add(Routes routes) {
        routes.get("/runs/compare", Operation.page("Runs side by side"), this::compare);
    }

    private HttpResponse compare(Call call) {
        Map<String, Run> runs = runs(call.queries("run"));
        Map<String, RunDetails> found = site.registry().runs().details(List.copyOf(runs.keySet()));
        Map<String, RunDetails> details = new LinkedHashMap<>();
        runs.keySet().forEach(id -> details.put(id, found.getOrDefault(id, RunMetrics.NOTHING)));
        List<RunMark> marks = marks(List.copyOf(runs.values()));
        List<RunDetails> inOrder = List.copyOf(details.values());
        boolean curved =
                inOrder.stream().anyMatch(run -> !RunMetrics.histories(run).isEmpty());
        View view = call.query("view").map(RunComparison::view).orElse(curved ? View.CURVES : View.PARAMS);
        CompareChoices choices = new CompareChoices(call, inOrder);
        ValueTable values = view == View.PARALLEL || view == View.SCATTER ? choices.table(marks) : ValueTable.NONE;
        return site.templates()
                .page(
                        "compare",
                        new ComparePage(
                                site.head("Compare", Section.RUNS),
                                view,
                                marks,
                                choices.curves(),
                                values,
                                choices.values(values.columns()),
                                metrics(inOrder),
                                params(inOrder)));
    }

    private Map<String, Run> runs(List<String> given) {
        Set<String> wanted = new LinkedHashSet<>(given);
        requireSome(wanted.size());
        Map<String, Run> runs = new LinkedHashMap<>();
        for (String id : wanted) {
            Run run = site.registry().runs().load(id);
            runs.put(run.id(), run);
        }
        requireSome(runs.size()); // two beginnings of ids may be of one run
        return runs;
    }

    private static void requireSome(int count) {
        if (count < FEWEST || count > MetricHistories.MOST_RUNS) {
            throw new MillwrightException(
                    WebError.BAD_REQUEST,
                    "run: " + count + " given (expected: " + FEWEST + " to " + MetricHistories.MOST_RUNS
                            + " different ones). Choose them from the list of runs");
        }
    }

    private static View view(String label) {
        return View.find(label)
                .orElseThrow(() -> new MillwrightException(
                        WebError.BAD_REQUEST,
                        "view: '" + label + "' (expected: one of "
                                + Arrays.stream(View.values()).map(View::label).toList() + ")"));
    }

    /** Runs that share a name are told apart by the start of their ids. */
    private List<RunMark> marks(List<Run> runs) {
        List<String> names = runs.stream().map(Run::name).toList();
        Set<String> once = new LinkedHashSet<>();
        Set<String> twice = new LinkedHashSet<>();
        names.forEach(name -> (once.add(name) ? once : twice).add(name));
        return IntStream.range(0, runs.size())
                .mapToObj(i -> mark(runs.get(i), i, !twice.contains(names.get(i))))
                .toList();
    }

    private RunMark mark(Run run, int place, boolean unique) {
        return new RunMark(
                run.id(),
                unique ? run.name() : run.name() + " " + run.id().substring(0, NAMED),
                place,
                RunList.status(run.status()),
                site.moment(run.started()));
    }

    private static List<ComparePage.MetricLine> metrics(List<RunDetails> runs) {
        List<Map<String, Interval>> values =
                runs.stream().map(RunMetrics::compared).toList();
        Set<String> names = new LinkedHashSet<>();
        values.forEach(of -> names.addAll(of.keySet()));
        return names.stream()
                .map(name -> new ComparePage.MetricLine(
                        name,
                        RunMetrics.better(name),
                        values.stream()
                                .map(of -> Optional.ofNullable(of.get(name)))
                                .toList()))
                .toList();
    }

    static List<ComparePage.ParamLine> params(List<RunDetails> runs) {
        Set<String> names = new TreeSet<>();
        runs.forEach(run -> names.addAll(run.params().keySet()));
        return names.stream()
                .map(name -> new ComparePage.ParamLine(
                        name,
                        runs.stream()
                                .map(run -> run.params().getOrDefault(name, ""))
                                .toList()))
                .toList();
    }
}
