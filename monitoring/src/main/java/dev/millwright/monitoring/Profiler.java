package dev.millwright.monitoring;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Profiles training rows. Numbers get ten bins between quantiles, or one a value when there are at most twelve values;
 * the fifty most frequent words get a bin each.
 */
public final class Profiler {
    private static final int QUANTILE_BINS = 10;
    private static final int FEW_VALUES = 12;
    private static final int CATEGORIES = 50;

    private Profiler() {}

    /** The profile of rows and of what the model said about them. */
    public static ReferenceProfile of(Frame rows, Predictions predictions) {
        Frame outputs = OutputColumns.of(predictions);
        List<ColumnProfile> columns =
                rows.columns().stream().map(Profiler::empty).toList();
        List<ColumnProfile> answers =
                outputs.columns().stream().map(Profiler::empty).toList();
        DriftWindow window = new DriftWindow(new ReferenceProfile(zeroed(columns), zeroed(answers), 0));
        window.add(rows, predictions);
        return window.profile();
    }

    private static List<ColumnProfile> zeroed(List<ColumnProfile> profiles) {
        return profiles.stream()
                .map(profile -> profile.withCounts(new long[profile.counts().length]))
                .toList();
    }

    private static ColumnProfile empty(FeatureColumn column) {
        return switch (column) {
            case FeatureColumn.Numeric(String name, float[] values) -> {
                double[] edges = edges(values);
                yield new ColumnProfile.Numeric(name, edges, new long[edges.length + 2]);
            }
            case FeatureColumn.Text(String name, String[] values) -> {
                List<String> categories = categories(values);
                yield new ColumnProfile.Categorical(name, categories, new long[categories.size() + 2]);
            }
        };
    }

    private static double[] edges(float[] values) {
        float[] sorted = new float[values.length];
        int count = 0;
        for (float value : values) {
            if (!Float.isNaN(value)) {
                sorted[count++] = value;
            }
        }
        Arrays.sort(sorted, 0, count);
        TreeSet<Float> distinct = new TreeSet<>();
        for (int i = 0; i < count && distinct.size() <= FEW_VALUES; i++) {
            distinct.add(sorted[i]);
        }
        if (distinct.size() <= FEW_VALUES) {
            return between(new ArrayList<>(distinct));
        }
        TreeSet<Double> edges = new TreeSet<>();
        for (int bin = 1; bin < QUANTILE_BINS; bin++) {
            edges.add((double) sorted[(int) ((long) bin * count / QUANTILE_BINS)]);
        }
        return edges.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Half-way between neighbours, so that each value has a bin, and a new value beyond the ends falls to the nearest. */
    private static double[] between(List<Float> values) {
        double[] edges = new double[Math.max(0, values.size() - 1)];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = ((double) values.get(i) + values.get(i + 1)) / 2;
        }
        return edges;
    }

    private static List<String> categories(String[] values) {
        Map<String, Long> counts = new HashMap<>();
        for (String value : values) {
            if (!value.isEmpty()) {
                counts.merge(value, 1L, Long::sum);
            }
        }
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(CATEGORIES)
                .map(Map.Entry::getKey)
                .toList();
    }
}
