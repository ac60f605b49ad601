package dev.millwright.monitoring;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts predictions in the bins of a reference: memory depends on the bins alone. Not thread-safe. */
public final class DriftWindow {
    private final ReferenceProfile reference;
    private final List<Counter> columns;
    private final List<Counter> outputs;
    private long rows;

    public DriftWindow(ReferenceProfile reference) {
        this.reference = reference;
        this.columns = reference.columns().stream().map(Counter::new).toList();
        this.outputs = reference.outputs().stream().map(Counter::new).toList();
    }

    /** One column's counts. */
    private static final class Counter {
        final ColumnProfile bins;
        final long[] counts;
        final Map<String, Integer> categories = new HashMap<>();

        Counter(ColumnProfile bins) {
            this.bins = bins;
            this.counts = new long[bins.counts().length];
            if (bins instanceof ColumnProfile.Categorical categorical) {
                for (String category : categorical.categories()) {
                    categories.put(category, categories.size());
                }
            }
        }

        void add(FeatureColumn column) {
            if (column instanceof FeatureColumn.Numeric numbers && bins instanceof ColumnProfile.Numeric numeric) {
                for (float value : numbers.values()) {
                    counts[numeric.bin(value)]++;
                }
            } else if (column instanceof FeatureColumn.Text texts && bins instanceof ColumnProfile.Categorical) {
                for (String value : texts.values()) {
                    int slot = value.isEmpty() ? counts.length - 1 : categories.getOrDefault(value, categories.size());
                    counts[slot]++;
                }
            } else {
                throw new IllegalArgumentException(
                        column.name() + ": of another type than in the reference (expected: the model's own columns)");
            }
        }
    }

    /** Counts rows that have at least the reference's columns. */
    public void add(Frame frame, Predictions predictions) {
        for (Counter counter : columns) {
            counter.add(frame.column(counter.bins.column()));
        }
        Frame answers = OutputColumns.of(predictions);
        for (Counter counter : outputs) {
            counter.add(answers.column(counter.bins.column()));
        }
        rows += frame.rows();
    }

    /** Adds another window's counts; of the same reference. */
    void add(DriftWindow other) {
        add(columns, other.columns);
        add(outputs, other.outputs);
        rows += other.rows;
    }

    private static void add(List<Counter> to, List<Counter> from) {
        for (int i = 0; i < to.size(); i++) {
            for (int bin = 0; bin < to.get(i).counts.length; bin++) {
                to.get(i).counts[bin] += from.get(i).counts[bin];
            }
        }
    }

    public long rows() {
        return rows;
    }

    public ReferenceProfile reference() {
        return reference;
    }

    /** The counts so far. */
    public ReferenceProfile profile() {
        return new ReferenceProfile(profiles(columns), profiles(outputs), rows);
    }

    private static List<ColumnProfile> profiles(List<Counter> counters) {
        List<ColumnProfile> profiles = new ArrayList<>();
        for (Counter counter : counters) {
            profiles.add(counter.bins.withCounts(counter.counts.clone()));
        }
        return profiles;
    }
}
