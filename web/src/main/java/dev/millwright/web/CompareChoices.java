package dev.millwright.web;

import dev.millwright.registry.RunDetails;
import dev.millwright.web.page.ComparePage.ParamLine;
import dev.millwright.web.page.ComparePage.ValueChoice;
import dev.millwright.web.page.CurveChoice;
import dev.millwright.web.page.Figures;
import dev.millwright.web.page.RunMark;
import dev.millwright.web.page.ValueTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the address says on how to compare runs; where it says nothing, or something that these runs lack, what tells most. */
final class CompareChoices {
    static final String PARAMS = "params.";
    static final String METRICS = "metrics.";
    private static final int MOST_COLUMNS = 200;
    private static final int PARAM_AXES = 6;
    private static final int SHOWN = 60;

    private final Call call;
    private final List<RunDetails> runs;

    CompareChoices(Call call, List<RunDetails> runs) {
        this.call = call;
        this.runs = runs;
    }

    /** How curves are drawn: of a metric that was logged over steps, if there is one. */
    CurveChoice curves() {
        return curves(call, offered());
    }

    static CurveChoice curves(Call call, List<String> offered) {
        String metric = call.query("metric")
                .map(name -> name.startsWith(METRICS) ? name.substring(METRICS.length()) : name)
                .filter(offered::contains)
                .orElse(offered.isEmpty() ? "" : offered.getFirst());
        return new CurveChoice(
                offered,
                metric,
                call.query("x").filter("time"::equals).orElse("step"),
                call.query("log").filter("1"::equals).map(_ -> "log").orElse("linear"),
                call.query("smooth").map(CompareChoices::weight).orElse(0.0));
    }

    private static double weight(String text) {
        try {
            double weight = Double.parseDouble(text);
            return Double.isNaN(weight) ? 0 : Math.clamp(weight, 0, CurveChoice.MOST);
        } catch (NumberFormatException _) {
            // An address that somebody mistyped still shows its curves, as they are.
            return 0;
        }
    }

    /** Metrics, those that most runs have first; those with histories, where there are any. */
    private List<String> offered() {
        Map<String, Integer> all = new TreeMap<>();
        Map<String, Integer> curved = new TreeMap<>();
        for (RunDetails run : runs) {
            RunMetrics.values(run).keySet().forEach(name -> all.merge(name, 1, Integer::sum));
            RunMetrics.histories(run).forEach(name -> curved.merge(name, 1, Integer::sum));
        }
        Map<String, Integer> counts = curved.isEmpty() ? all : curved;
        return counts.keySet().stream()
                .sorted(Comparator.comparing(RunMetrics::isOfTheMachine)
                        .thenComparing(name -> -counts.getOrDefault(name, 0))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    /** Parameters that differ, then all metrics. */
    ValueTable table(List<RunMark> marks) {
        List<String> params = RunComparison.params(runs).stream()
                .filter(ParamLine::differs)
                .map(ParamLine::name)
                .toList();
        Set<String> metrics = new LinkedHashSet<>();
        List<Map<String, Double>> values = runs.stream().map(RunMetrics::values).toList();
        values.forEach(of -> metrics.addAll(of.keySet()));
        List<ValueTable.Column> columns = new ArrayList<>();
        params.forEach(name -> columns.add(new ValueTable.Column(PARAMS + name, name)));
        metrics.stream()
                .sorted(Comparator.comparing(RunMetrics::isOfTheMachine).thenComparing(Comparator.naturalOrder()))
                .forEach(name -> columns.add(new ValueTable.Column(METRICS + name, name)));
        List<ValueTable.Column> shown = columns.subList(0, Math.min(MOST_COLUMNS, columns.size()));
        List<ValueTable.Row> rows = new ArrayList<>();
        for (int i = 0; i < marks.size(); i++) {
            RunDetails run = runs.get(i);
            Map<String, Double> of = values.get(i);
            rows.add(new ValueTable.Row(
                    marks.get(i),
                    shown.stream().map(column -> cell(column, run, of)).toList()));
        }
        return new ValueTable(shown, rows, columns.size() - shown.size());
    }

    private static Optional<ValueTable.Cell> cell(
            ValueTable.Column column, RunDetails run, Map<String, Double> metrics) {
        if (column.key().startsWith(PARAMS)) {
            return Optional.ofNullable(run.params().get(column.name()))
                    .map(value -> new ValueTable.Cell(
                            value, value.length() > SHOWN ? value.substring(0, SHOWN - 1) + "…" : value));
        }
        return Optional.ofNullable(metrics.get(column.name()))
                .filter(Double::isFinite)
                .map(value -> new ValueTable.Cell(value.toString(), Figures.metric(value)));
    }

    /** What the charts of single values show. */
    ValueChoice values(List<ValueTable.Column> columns) {
        List<String> keys = columns.stream().map(ValueTable.Column::key).toList();
        List<String> params =
                keys.stream().filter(key -> key.startsWith(PARAMS)).toList();
        List<String> metrics =
                keys.stream().filter(key -> key.startsWith(METRICS)).toList();
        String metric = call.query("metric")
                .map(name -> name.startsWith(METRICS) ? name : METRICS + name)
                .filter(metrics::contains)
                .or(() -> metrics.stream().findFirst())
                .orElse("");
        Set<String> axes = call.queries("axis").stream().filter(keys::contains).collect(Collectors.toSet());
        if (axes.isEmpty()) {
            params.stream().limit(PARAM_AXES).forEach(axes::add);
            metrics.stream().filter(key -> axes.size() < 2).limit(2).forEach(axes::add);
            if (!metric.isEmpty()) {
                axes.add(metric);
            }
        }
        String x = call.query("x")
                .filter(keys::contains)
                .orElse(params.isEmpty() ? metrics.stream().skip(1).findFirst().orElse(metric) : params.getFirst());
        Set<String> flags = List.of("log", "logx").stream()
                .filter(name -> call.query(name).filter("1"::equals).isPresent())
                .collect(Collectors.toSet());
        return new ValueChoice(
                axes, metric, x, call.query("y").filter(keys::contains).orElse(metric), flags);
    }
}
