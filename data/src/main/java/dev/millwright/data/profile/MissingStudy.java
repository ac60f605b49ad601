package dev.millwright.data.profile;

import dev.millwright.data.TypedTable;
import dev.millwright.data.profile.MissingPatterns.Pattern;
import dev.millwright.data.profile.MissingPatterns.Slices;
import dev.millwright.data.profile.MissingPatterns.Together;
import dev.millwright.data.profile.TableQuery.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds missing patterns, over all rows. */
final class MissingStudy {
    private static final int MOST_PATTERNS = 12;
    private static final int MOST_PAIRS = 20;
    private static final int SLICES = 24;

    /** Columns that are looked at together, those with most missing values. */
    private static final int MOST_COLUMNS = 60;

    /** Pairs that come nearer to chance are left out. */
    private static final double LEAST_PHI = 0.1;

    private final TableQuery query;

    MissingStudy(TableQuery query) {
        this.query = query;
    }

    private record Counted(long mask, long rows) {}

    MissingPatterns patterns(List<ColumnSummary> summaries) {
        List<Place> columns = query.columns().stream()
                .filter(column -> summaries.get(column.index()).missing() > 0)
                .sorted(Comparator.comparingLong(
                        (Place column) -> -summaries.get(column.index()).missing()))
                .limit(MOST_COLUMNS)
                .sorted(Comparator.comparingInt(Place::index))
                .toList();
        if (columns.isEmpty()) {
            return new MissingPatterns(query.table().rows(), 1, List.of(), List.of(), List.of());
        }
        List<Counted> counted = counted(columns);
        List<Pattern> patterns = counted.stream()
                .filter(each -> each.mask() != 0)
                .limit(MOST_PATTERNS)
                .map(each -> new Pattern(
                        IntStream.range(0, columns.size())
                                .filter(i -> (each.mask() >> i & 1) == 1)
                                .mapToObj(i -> columns.get(i).name())
                                .toList(),
                        each.rows()))
                .toList();
        long complete = counted.stream()
                .filter(each -> each.mask() == 0)
                .mapToLong(Counted::rows)
                .sum();
        return new MissingPatterns(complete, counted.size(), patterns, together(columns, counted), slices(columns));
    }

    /** Patterns as bits, the most frequent first. */
    private List<Counted> counted(List<Place> columns) {
        String mask = IntStream.range(0, columns.size())
                .mapToObj(i -> "CASE WHEN " + columns.get(i).sql() + " IS NULL THEN " + (1L << i) + " ELSE 0 END")
                .collect(Collectors.joining(" + "));
        return query.session()
                .query(
                        "SELECT mask, count(*) AS n FROM (SELECT " + mask + " AS mask FROM "
                                + query.table().relation() + ") GROUP BY mask ORDER BY n DESC, mask",
                        row -> new Counted(row.getLong(1), row.getLong(2)));
    }

    private List<Together> together(List<Place> columns, List<Counted> counted) {
        double rows = query.table().rows();
        List<Together> pairs = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            double first = missing(counted, 1L << i);
            for (int j = i + 1; j < columns.size(); j++) {
                double second = missing(counted, 1L << j);
                double both = missing(counted, 1L << i | 1L << j);
                double scale = Math.sqrt(first * (rows - first)) * Math.sqrt(second * (rows - second));
                double phi = scale == 0 ? 0 : (rows * both - first * second) / scale;
                if (Math.abs(phi) >= LEAST_PHI) {
                    pairs.add(new Together(columns.get(i).name(), columns.get(j).name(), Math.clamp(phi, -1.0, 1.0)));
                }
            }
        }
        return pairs.stream()
                .sorted(Comparator.comparingDouble((Together pair) -> -Math.abs(pair.phi())))
                .limit(MOST_PAIRS)
                .toList();
    }

    /** Rows in which all columns of a mask are missing. */
    private static long missing(List<Counted> counted, long mask) {
        return counted.stream()
                .filter(each -> (each.mask() & mask) == mask)
                .mapToLong(Counted::rows)
                .sum();
    }

    private List<Slices> slices(List<Place> columns) {
        if (query.table().order() == TypedTable.Order.NONE) {
            return List.of();
        }
        String shares = columns.stream()
                .map(column -> ", avg(CASE WHEN " + column.sql() + " IS NULL THEN 1.0 ELSE 0.0 END)")
                .collect(Collectors.joining());
        String values = columns.stream().map(column -> ", " + column.sql()).collect(Collectors.joining());
        List<List<Double>> bySlice = query.session()
                .query(
                        "SELECT slice" + shares + " FROM (SELECT ntile(" + SLICES + ") OVER (ORDER BY "
                                + TypedTable.PLACE + ") AS slice" + values + " FROM "
                                + query.table().relation() + ") GROUP BY slice ORDER BY slice",
                        row -> {
                            List<Double> slice = new ArrayList<>();
                            for (int i = 0; i < columns.size(); i++) {
                                slice.add(row.getDouble(i + 2));
                            }
                            return slice;
                        });
        return IntStream.range(0, columns.size())
                .mapToObj(i -> new Slices(
                        columns.get(i).name(),
                        bySlice.stream().map(slice -> slice.get(i)).toList()))
                .toList();
    }
}
