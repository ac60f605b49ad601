package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a version of a dataset differs from an earlier one.
 *
 * @param byKey empty when no columns are known to tell rows apart in both
 * @param shifts of the columns that both have with comparable types, the largest first
 */
public record DatasetDiff(List<ColumnChange> columns, RowChanges rows, Optional<KeyChanges> byKey, List<Shift> shifts) {
    public DatasetDiff {
        columns = List.copyOf(columns);
        shifts = shifts.stream()
                .sorted(Comparator.comparingDouble(Shift::psi).reversed().thenComparing(Shift::column))
                .toList();
    }

    /** Whether the two hold the same rows under the same columns. */
    public boolean isEmpty() {
        return columns.isEmpty() && rows.added() == 0 && rows.removed() == 0;
    }

    /** A change of the schema. */
    public sealed interface ColumnChange {
        String name();

        record Added(Column column) implements ColumnChange {
            @Override
            public String name() {
                return column.name();
            }
        }

        record Dropped(Column column) implements ColumnChange {
            @Override
            public String name() {
                return column.name();
            }
        }

        record Retyped(String name, ColumnType before, ColumnType after) implements ColumnChange {}
    }

    /**
     * Rows by their ids, which are hashes of their values: a row that changed is one removed and one added, and so is every
     * row when a column came or went.
     */
    public record RowChanges(long before, long after, long added, long removed) {
        public long kept() {
            return after - added;
        }
    }

    /**
     * Rows by the columns that tell them apart.
     *
     * @param changed rows of which a column that both versions have differs
     * @param columns how many rows each such column differs in
     * @param withoutKey rows that miss a column of the key, in both versions together; they are not counted here
     */
    public record KeyChanges(
            List<String> key,
            long added,
            long removed,
            long changed,
            long unchanged,
            Map<String, Long> columns,
            long withoutKey) {
        public KeyChanges {
            key = List.copyOf(key);
            columns = java.util.Collections.unmodifiableMap(new TreeMap<>(columns));
        }
    }

    /**
     * How differently a column is distributed.
     *
     * @param psi population stability index over the bins, missing values being one of them
     * @param jensenShannon distance in base 2 over the same bins
     */
    public record Shift(String column, ColumnType type, double psi, double jensenShannon, List<Bin> bins) {
        public Shift {
            bins = List.copyOf(bins);
        }

        /** The bin whose share changed most; empty when none did. */
        public Optional<Bin> moved() {
            return bins.stream()
                    .filter(bin -> shareBefore(bin) != shareAfter(bin))
                    .max(Comparator.comparingDouble(bin -> Math.abs(shareBefore(bin) - shareAfter(bin))));
        }

        /** From 0 to 1. */
        public double shareBefore(Bin bin) {
            return share(bin.before(), bins.stream().mapToLong(Bin::before).sum());
        }

        /** From 0 to 1. */
        public double shareAfter(Bin bin) {
            return share(bin.after(), bins.stream().mapToLong(Bin::after).sum());
        }

        /** The bin of missing values. */
        public Bin missing() {
            return bins.getLast();
        }

        private static double share(long part, long all) {
            return all == 0 ? 0 : part / (double) all;
        }
    }

    /** Rows of which a column has one of some values; the last bin of a column counts missing values. */
    public record Bin(String label, long before, long after) {}
}
