package dev.millwright.monitoring;

import java.util.Arrays;
import java.util.List;

/** How the values of a column are distributed, in bins that never change; missing values are a bin of their own. */
public sealed interface ColumnProfile {
    String column();

    /** Rows by bin, the last one for missing values. */
    long[] counts();

    /** The same bins with other counts. */
    ColumnProfile withCounts(long[] counts);

    /** What a person reads for each of {@link #counts}. */
    List<String> binLabels();

    default long rows() {
        return Arrays.stream(counts()).sum();
    }

    /** Share of missing values, 0 for no rows. */
    default double missingShare() {
        return rows() == 0 ? 0 : (double) counts()[counts().length - 1] / rows();
    }

    /**
     * Numbers.
     *
     * @param edges ascending; bin i holds values above edge i-1 and up to edge i
     * @param counts one more than edges, and one for missing values
     */
    record Numeric(String column, double[] edges, long[] counts) implements ColumnProfile {
        public Numeric {
            requireCounts(column, counts, edges.length + 2);
            for (int i = 1; i < edges.length; i++) {
                if (!(edges[i - 1] < edges[i])) {
                    throw new IllegalArgumentException(
                            column + ".edges: " + Arrays.toString(edges) + " (expected: ascending)");
                }
            }
        }

        @Override
        public Numeric withCounts(long[] other) {
            return new Numeric(column, edges, other);
        }

        @Override
        public List<String> binLabels() {
            String[] labels = new String[counts.length];
            for (int i = 0; i <= edges.length; i++) {
                labels[i] = edges.length == 0
                        ? "all"
                        : i == 0
                                ? "≤ " + number(edges[0])
                                : i == edges.length
                                        ? "> " + number(edges[i - 1])
                                        : number(edges[i - 1]) + " – " + number(edges[i]);
            }
            labels[counts.length - 1] = "missing";
            return List.of(labels);
        }

        private static String number(double value) {
            return value == Math.rint(value) && Math.abs(value) < 1e9
                    ? Long.toString((long) value)
                    : Float.toString((float) value);
        }

        int bin(float value) {
            if (Float.isNaN(value)) {
                return counts.length - 1;
            }
            int found = Arrays.binarySearch(edges, value);
            return found >= 0 ? found : -found - 1;
        }
    }

    /**
     * Words.
     *
     * @param categories those with a bin of their own; others share one
     * @param counts one more than categories, and one for missing values
     */
    record Categorical(String column, List<String> categories, long[] counts) implements ColumnProfile {
        public Categorical {
            categories = List.copyOf(categories);
            requireCounts(column, counts, categories.size() + 2);
        }

        @Override
        public Categorical withCounts(long[] other) {
            return new Categorical(column, categories, other);
        }

        @Override
        public List<String> binLabels() {
            List<String> labels = new java.util.ArrayList<>(categories);
            labels.add("other");
            labels.add("missing");
            return labels;
        }
    }

    private static void requireCounts(String column, long[] counts, int expected) {
        if (counts.length != expected) {
            throw new IllegalArgumentException(column + ".counts: " + counts.length + " (expected: " + expected + ")");
        }
    }
}
