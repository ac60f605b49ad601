package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.Metric;
import dev.millwright.registry.Registry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The histories of metrics, thinned until a chart of ordinary width still shows every peak. */
final class MetricHistories {
    /** As many runs as one chart takes. */
    static final int MOST_RUNS = 50;

    static final int MOST_POINTS = 1_000;
    private static final int MOST_KEYS = 50;
    private static final int MOST_SERIES = 250;

    private final Registry registry;

    MetricHistories(Registry registry) {
        this.registry = registry;
    }

    void add(Routes routes) {
        routes.get(
                "/runs/metrics",
                Operation.answers(Topic.RUNS, "Histories of metrics, thinned for a chart", Histories.class)
                        .each("runs", "The ids of runs.")
                        .each("key", "The names of metrics."),
                this::answer);
    }

    /** What the chart scripts read. */
    private record Histories(List<Series> series) {}

    /**
     * One metric of one run, by step, then time.
     *
     * @param total the number of values that were logged, of which these are a part
     * @param times milliseconds since 1970
     * @param values null where the value is not a finite number
     */
    private record Series(
            String run, String key, int total, List<Long> steps, List<Long> times, List<@Nullable Double> values) {}

    private HttpResponse answer(Call call) {
        Set<String> runs = distinct("runs", call.queries("runs"), MOST_RUNS);
        Set<String> keys = distinctKeys(call.queries("key"));
        if (runs.size() * keys.size() > MOST_SERIES) {
            throw new MillwrightException(
                    WebError.BAD_REQUEST,
                    "key: " + keys.size() + " for " + runs.size() + " runs (expected: at most " + MOST_SERIES
                            + " histories). Ask for fewer at a time.");
        }
        List<Series> series = new ArrayList<>();
        for (String run : runs) {
            String id = registry.runs().load(run).id();
            for (String key : keys) {
                List<Metric> history = registry.runs().metricHistory(id, key);
                if (!history.isEmpty()) {
                    series.add(series(run, key, history));
                }
            }
        }
        return Json.respond(new Histories(series));
    }

    /** Ids hold no commas, so several may come in one value. */
    private static Set<String> distinct(String name, List<String> values, int most) {
        return bounded(
                name,
                values.stream()
                        .flatMap(value -> Arrays.stream(value.split(",")))
                        .toList(),
                most);
    }

    private static Set<String> distinctKeys(List<String> values) {
        return bounded("key", values, MOST_KEYS);
    }

    private static Set<String> bounded(String name, Collection<String> values, int most) {
        Set<String> distinct = new LinkedHashSet<>(values);
        distinct.removeIf(String::isBlank);
        if (distinct.isEmpty() || distinct.size() > most) {
            throw new MillwrightException(
                    WebError.BAD_REQUEST, name + ": " + distinct.size() + " given (expected: 1 to " + most + ")");
        }
        return distinct;
    }

    private static Series series(String run, String key, List<Metric> history) {
        List<Long> steps = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        List<@Nullable Double> values = new ArrayList<>();
        for (Metric metric : thinned(history, MOST_POINTS)) {
            steps.add(metric.step());
            times.add(metric.timestamp().toEpochMilli());
            values.add(Double.isFinite(metric.value()) ? metric.value() : null);
        }
        return new Series(run, key, history.size(), steps, times, values);
    }

    /**
     * At most {@code most} of the values, in their order: the first, the last, and of each of equally long stretches between
     * them the lowest and the highest, so that no peak is lost. A stretch without a finite value keeps its first, so that the gap shows.
     */
    static List<Metric> thinned(List<Metric> history, int most) {
        if (history.size() <= most) {
            return history;
        }
        List<Metric> inner = history.subList(1, history.size() - 1);
        int stretches = (most - 2) / 2;
        List<Metric> kept = new ArrayList<>(most);
        kept.add(history.getFirst());
        for (int i = 0; i < stretches; i++) {
            int from = (int) ((long) i * inner.size() / stretches);
            int to = (int) ((long) (i + 1) * inner.size() / stretches);
            addExtremes(inner.subList(from, to), kept);
        }
        kept.add(history.getLast());
        return kept;
    }

    private static void addExtremes(List<Metric> stretch, List<Metric> kept) {
        int low = -1;
        int high = -1;
        for (int i = 0; i < stretch.size(); i++) {
            double value = stretch.get(i).value();
            if (Double.isFinite(value)) {
                low = low < 0 || value < stretch.get(low).value() ? i : low;
                high = high < 0 || value > stretch.get(high).value() ? i : high;
            }
        }
        if (low < 0) {
            kept.add(stretch.getFirst());
            return;
        }
        kept.add(stretch.get(Math.min(low, high)));
        if (low != high) {
            kept.add(stretch.get(Math.max(low, high)));
        }
    }
}
