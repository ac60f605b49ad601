package dev.millwright.web;

import dev.millwright.evaluation.MetricSpec;
import dev.millwright.evaluation.Metrics;
import dev.millwright.pipelines.RunLog;
import dev.millwright.registry.Metric;
import dev.millwright.registry.RunDetails;
import dev.millwright.web.page.ComparePage.Better;
import dev.millwright.web.page.Interval;
import dev.millwright.web.page.RunPage.MetricLine;
import dev.millwright.web.page.RunPage.MetricTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The metrics of a run as pages show them. A pipeline logs {@code test_roc_auc} with {@code test_roc_auc_low} and
 * {@code _high}; other runs log what they like.
 */
final class RunMetrics {
    private static final String TEST = "test_";
    private static final String VALIDATION = "validation_";
    private static final String LOW = "_low";
    private static final String HIGH = "_high";
    private static final List<String> TELLING =
            List.of("average_precision", "roc_auc", "roc_auc_ovr", "rmse", "accuracy", "log_loss", "r2");

    private static final List<String> LOSSES = List.of("loss", "error", "rmse", "mae", "mse", "perplexity");
    private static final List<String> GAINS = List.of("accuracy", "auc", "precision", "recall", "f1");

    /** A run that logged nothing. */
    static final RunDetails NOTHING = new RunDetails(Map.of(), Map.of(), Map.of());

    private RunMetrics() {}

    /** A metric's name without where it was measured, and its value. */
    record Main(String name, Interval value) {}

    /** The metric that decides: the one by which the model was chosen, on the test rows. */
    static Optional<Main> main(RunDetails run) {
        Map<String, Interval> test = of(run, TEST);
        Optional<String> name = Optional.ofNullable(run.tags().get(RunLog.SELECTION_METRIC))
                .filter(test::containsKey)
                .or(() -> TELLING.stream().filter(test::containsKey).findFirst())
                .or(() -> test.keySet().stream().findFirst());
        return name.flatMap(found -> Optional.ofNullable(test.get(found)).map(value -> new Main(found, value)));
    }

    /** The metrics on the test rows; all metrics where a run doesn't say on which rows they are. */
    static Map<String, Interval> compared(RunDetails run) {
        Map<String, Interval> test = of(run, TEST);
        return test.isEmpty() ? of(run, "") : test;
    }

    /** All metrics: those of test and validation rows side by side, then what else was logged. */
    static MetricTable table(RunDetails run) {
        Map<String, Interval> test = of(run, TEST);
        Map<String, Interval> validation = of(run, VALIDATION);
        Map<String, Interval> other = of(run, "");
        other.keySet().removeIf(name -> name.startsWith(TEST) || name.startsWith(VALIDATION));
        if (test.isEmpty() && validation.isEmpty()) {
            return new MetricTable(List.of(""), lines(List.of(other)));
        }
        Map<String, Map<String, Interval>> columns = new LinkedHashMap<>();
        columns.put("Test", test);
        columns.put("Validation", validation);
        columns.values().removeIf(Map::isEmpty);
        List<MetricLine> lines = new ArrayList<>(lines(List.copyOf(columns.values())));
        other.forEach((name, value) -> {
            List<Optional<Interval>> values = new ArrayList<>(Collections.nCopies(columns.size(), Optional.empty()));
            values.set(0, Optional.of(value));
            lines.add(new MetricLine(name, values));
        });
        return new MetricTable(List.copyOf(columns.keySet()), lines);
    }

    /** The latest value of each metric by its key; the bounds of ranges are left out. */
    static Map<String, Double> values(RunDetails run) {
        Map<String, Double> values = new TreeMap<>();
        of(run, "").forEach((key, value) -> values.put(key, value.value()));
        return values;
    }

    /** The keys of metrics that were logged over steps. */
    static List<String> histories(RunDetails run) {
        return run.metrics().values().stream()
                .filter(metric -> metric.step() > 0)
                .map(Metric::key)
                .toList();
    }

    /** Whether a metric tells of the machine, which matters less than what was learnt. */
    static boolean isOfTheMachine(String key) {
        return key.startsWith("system/");
    }

    private static List<MetricLine> lines(List<Map<String, Interval>> columns) {
        Set<String> names = new LinkedHashSet<>();
        columns.forEach(column -> names.addAll(column.keySet()));
        return names.stream()
                .map(name -> new MetricLine(
                        name,
                        columns.stream()
                                .map(column -> Optional.ofNullable(column.get(name)))
                                .toList()))
                .toList();
    }

    /** Metrics whose key has the prefix, by their name without it, the most telling first. */
    private static Map<String, Interval> of(RunDetails run, String prefix) {
        Map<String, Interval> found =
                new TreeMap<>(Comparator.comparingInt(RunMetrics::rank).thenComparing(Comparator.naturalOrder()));
        Map<String, Metric> metrics = run.metrics();
        metrics.forEach((key, metric) -> {
            boolean bound = (key.endsWith(LOW) && metrics.containsKey(stem(key, LOW)))
                    || (key.endsWith(HIGH) && metrics.containsKey(stem(key, HIGH)));
            if (key.startsWith(prefix) && !bound) {
                found.put(key.substring(prefix.length()), interval(metrics, key, metric.value()));
            }
        });
        return found;
    }

    private static String stem(String key, String suffix) {
        return key.substring(0, key.length() - suffix.length());
    }

    private static Interval interval(Map<String, Metric> metrics, String key, double value) {
        Metric low = metrics.get(key + LOW);
        Metric high = metrics.get(key + HIGH);
        return low == null || high == null ? Interval.of(value) : new Interval(value, low.value(), high.value());
    }

    private static int rank(String name) {
        int place = TELLING.indexOf(name);
        return place < 0 ? TELLING.size() : place;
    }

    /** Which values are the better ones; of a metric that a client named as it liked, as far as the name tells. */
    static Better better(String name) {
        String stem = name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        Optional<MetricSpec> known = Metrics.find(stem);
        if (known.isPresent()) {
            return known.get().greaterIsBetter() ? Better.HIGHER : Better.LOWER;
        }
        if (LOSSES.stream().anyMatch(stem::contains)) {
            return Better.LOWER;
        }
        return GAINS.stream().anyMatch(stem::contains) ? Better.HIGHER : Better.UNKNOWN;
    }
}
