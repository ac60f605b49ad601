package dev.millwright.data.profile;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a table is like.
 *
 * @param made when
 * @param rows that were looked at
 * @param setAside rows that are broken, or that their types refuse: not looked at
 * @param columns in the order of the table
 * @param associations of pairs of columns of the sample, the strongest first
 * @param times of each column of timestamps
 * @param leakage where a label was named
 * @param sampling what was computed on a sample, and which
 */
public record DataProfile(
        String name,
        Instant made,
        long rows,
        long setAside,
        List<ColumnSummary> columns,
        MissingPatterns missing,
        List<Association> associations,
        Duplicates duplicates,
        List<TimeCoverage> times,
        Optional<LeakageStudy> leakage,
        Sampling sampling) {
    public DataProfile {
        columns = List.copyOf(columns);
        associations = List.copyOf(associations);
        times = List.copyOf(times);
    }

    /**
     * Which rows associations and scores were computed on.
     *
     * @param rows in the sample; all of them where the table is small
     * @param seed the same seed chooses the same rows
     * @param quantileRows the rows that quantiles were computed on, about
     * @param compared columns whose associations were measured
     */
    public record Sampling(long rows, long seed, long quantileRows, int compared) {}

    /** Share of the cells that hold nothing. */
    public double missingShare() {
        long missing = columns.stream().mapToLong(ColumnSummary::missing).sum();
        return missing / (double) Math.max(1, rows * columns.size());
    }

    /** All warnings of leakage. */
    public List<LeakageWarning> warnings() {
        return leakage.map(LeakageStudy::warnings).orElse(List.of());
    }
}
