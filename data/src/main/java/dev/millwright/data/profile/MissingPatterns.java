package dev.millwright.data.profile;

import java.util.List;

/**
 * Which values are missing together.
 *
 * @param complete rows in which nothing is missing
 * @param different patterns there are in all
 * @param patterns the most frequent ones, but for the complete rows, the most frequent first
 * @param together pairs of columns that miss their values in the same rows, or in none of the same, the strongest first
 * @param slices shares of missing values by slice of the source, in its order; empty where rows have no order
 */
public record MissingPatterns(
        long complete, long different, List<Pattern> patterns, List<Together> together, List<Slices> slices) {
    public MissingPatterns {
        patterns = List.copyOf(patterns);
        together = List.copyOf(together);
        slices = List.copyOf(slices);
    }

    /** Rows in which exactly these columns have no value. */
    public record Pattern(List<String> columns, long rows) {
        public Pattern {
            columns = List.copyOf(columns);
        }
    }

    /**
     * How two columns miss their values together.
     *
     * @param phi Pearson's r of being missing: 1 when always together, -1 when never, 0 when by chance
     */
    public record Together(String first, String second, double phi) {}

    /**
     * Where the values of a column are missing.
     *
     * @param shares of the rows, from the first slice to the last
     */
    public record Slices(String column, List<Double> shares) {
        public Slices {
            shares = List.copyOf(shares);
        }
    }
}
