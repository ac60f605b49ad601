package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Divergence;
import dev.millwright.core.Words;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Parts the values of one column into bins, the same for two versions: numbers and times between quantiles of the first, or
 * one bin a value when there are few; words by the most frequent of both.
 */
final class ColumnBins {
    private static final int FEW_VALUES = 12;
    private static final int WORDS = 20;
    private static final String QUANTILES = "[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]";

    /** Row ids are hashes, so those that a number divides are a sample, and always the same one. */
    private static final long SAMPLE = 200_000;

    private final Session session;
    private final String before;
    private final String after;

    /** Compares two relations, each with {@code _row_id}. */
    ColumnBins(Session session, String before, String after) {
        this.session = session;
        this.before = before;
        this.after = after;
    }

    private record Bins(String sql, List<String> labels) {}

    DatasetDiff.Shift compare(Column column) {
        Bins bins = column.type() == ColumnType.VARCHAR || column.type() == ColumnType.BOOLEAN
                ? words(column)
                : ranges(column);
        long[] first = counts(before, bins);
        long[] second = counts(after, bins);
        List<DatasetDiff.Bin> counted = new ArrayList<>();
        for (int i = 0; i < first.length; i++) {
            counted.add(new DatasetDiff.Bin(bins.labels().get(i), first[i], second[i]));
        }
        return new DatasetDiff.Shift(
                column.name(),
                column.type(),
                Divergence.psi(first, second),
                Divergence.jensenShannon(first, second),
                counted);
    }

    private long[] counts(String relation, Bins bins) {
        long[] counts = new long[bins.labels().size()];
        session.query("SELECT " + bins.sql() + " AS bin, count(*) FROM " + relation + " GROUP BY bin", row -> {
            counts[row.getInt(1)] = row.getLong(2);
            return true;
        });
        return counts;
    }

    private Bins words(Column column) {
        String value = "CAST(" + Sql.identifier(column.name()) + " AS VARCHAR)";
        List<String> frequent = session.query(
                "SELECT value FROM (" + mostFrequent(value, before) + " UNION ALL " + mostFrequent(value, after)
                        + ") GROUP BY value ORDER BY sum(rows) DESC, value",
                row -> row.getString(1));
        StringBuilder sql = new StringBuilder("CASE WHEN " + value + " IS NULL THEN " + (frequent.size() + 1));
        for (int i = 0; i < frequent.size(); i++) {
            sql.append(" WHEN ").append(value).append(" = ").append(Sql.literal(frequent.get(i)));
            sql.append(" THEN ").append(i);
        }
        sql.append(" ELSE ").append(frequent.size()).append(" END");
        List<String> labels = new ArrayList<>();
        frequent.forEach(word -> labels.add("'" + Words.shortened(word) + "'"));
        labels.add("other");
        labels.add("missing");
        return new Bins(sql.toString(), labels);
    }

    private static String mostFrequent(String value, String relation) {
        return "(SELECT " + value + " AS value, count(*) AS rows FROM " + relation + " WHERE " + value
                + " IS NOT NULL GROUP BY value ORDER BY rows DESC, value LIMIT " + WORDS + ")";
    }

    private Bins ranges(Column column) {
        String value = number(column);
        List<Double> edges = edges(value);
        StringBuilder sql = new StringBuilder("CASE WHEN " + value + " IS NULL THEN " + (edges.size() + 1));
        for (int i = 0; i < edges.size(); i++) {
            sql.append(" WHEN ").append(value).append(" <= ").append(literal(edges.get(i)));
            sql.append(" THEN ").append(i);
        }
        sql.append(" ELSE ").append(edges.size()).append(" END");
        List<String> names =
                edges.stream().map(edge -> name(edge, column.type())).toList();
        List<String> labels = new ArrayList<>();
        for (int i = 0; i <= edges.size(); i++) {
            labels.add(
                    edges.isEmpty()
                            ? "any"
                            : i == 0
                                    ? "<= " + names.getFirst()
                                    : i == edges.size()
                                            ? "> " + names.getLast()
                                            : names.get(i - 1) + " to " + names.get(i));
        }
        labels.add("missing");
        return new Bins(sql.toString(), labels);
    }

    private static String number(Column column) {
        String name = Sql.identifier(column.name());
        return switch (column.type()) {
            case DOUBLE -> name;
            case TIMESTAMP -> "CAST(epoch_us(" + name + ") AS DOUBLE)";
            case BIGINT, BOOLEAN, VARCHAR -> "CAST(" + name + " AS DOUBLE)";
        };
    }

    private List<Double> edges(String value) {
        long every = Math.max(1, session.count("SELECT count(*) FROM " + before) / SAMPLE);
        String sample = "FROM " + before + " WHERE " + value + " IS NOT NULL AND " + ReservedColumns.ROW_ID + " % "
                + every + " = 0";
        List<Double> few = session.query(
                "SELECT DISTINCT " + value + " AS value " + sample + " ORDER BY value LIMIT " + (FEW_VALUES + 1),
                row -> row.getDouble(1));
        if (few.size() <= FEW_VALUES) {
            List<Double> between = new ArrayList<>();
            for (int i = 1; i < few.size(); i++) {
                between.add((few.get(i - 1) + few.get(i)) / 2);
            }
            return between;
        }
        TreeSet<Double> edges = new TreeSet<>();
        session.query(
                "SELECT unnest(quantile_disc(" + value + ", " + QUANTILES + ")) " + sample,
                row -> edges.add(row.getDouble(1)));
        return List.copyOf(edges);
    }

    private static String literal(double value) {
        return "CAST('" + value + "' AS DOUBLE)";
    }

    private static String name(double edge, ColumnType type) {
        if (type == ColumnType.TIMESTAMP) {
            return Instant.EPOCH.plus((long) edge, ChronoUnit.MICROS).toString();
        }
        return edge == Math.rint(edge) && Math.abs(edge) < 1e15 ? Long.toString((long) edge) : Double.toString(edge);
    }
}
