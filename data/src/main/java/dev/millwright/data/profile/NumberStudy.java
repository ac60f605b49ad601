package dev.millwright.data.profile;

import dev.millwright.data.profile.NumberSummary.Outliers;
import dev.millwright.data.profile.NumberSummary.Quantiles;
import dev.millwright.data.profile.TableQuery.Place;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** Summarises numeric columns. */
final class NumberStudy {
    /** Quantiles keep the values of a column in memory: beyond so many they are those of a sample of as many rows. */
    static final long QUANTILE_ROWS = 10_000_000;

    /** Exponents of two up to which nothing overflows. */
    private static final int ORDINARY = 200;

    private static final double FENCE = 1.5;
    private static final double EXTREME = 3.5;

    /** The third quartile of the normal distribution, by which a MAD is a standard deviation. */
    private static final double NORMAL_QUARTILE = 0.6745;

    private final TableQuery query;
    private final String relation;
    private final String sample;

    NumberStudy(TableQuery query) {
        this.query = query;
        this.relation = query.table().relation();
        this.sample = relation + " WHERE " + query.sampled(QUANTILE_ROWS, 0);
    }

    private record Moments(double mean, double deviation, OptionalDouble skewness, long zeros, long negatives) {}

    private record Beyond(long below, long above, long extreme) {}

    /** By place of the column. Each of {@code columns} has a value. */
    Map<Integer, NumberSummary> summaries(List<Place> columns) {
        List<Moments> moments = moments(columns);
        List<Quantiles> quantiles = quantiles(columns);
        Map<Integer, Quantiles> quantilesOf = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            quantilesOf.put(columns.get(i).index(), quantiles.get(i));
        }
        List<Double> mads = mads(columns, quantilesOf);
        Map<Integer, Double> madOf = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            madOf.put(columns.get(i).index(), mads.get(i));
        }
        List<Beyond> beyond = beyond(columns, quantilesOf, madOf);
        Map<Integer, NumberSummary> summaries = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            Moments of = moments.get(i);
            Outliers outliers = new Outliers(
                    lowerFence(quantiles.get(i)),
                    upperFence(quantiles.get(i)),
                    beyond.get(i).below(),
                    beyond.get(i).above(),
                    mads.get(i),
                    beyond.get(i).extreme());
            summaries.put(
                    columns.get(i).index(),
                    new NumberSummary(
                            of.mean(),
                            of.deviation(),
                            of.skewness(),
                            of.zeros(),
                            of.negatives(),
                            quantiles.get(i),
                            outliers));
        }
        return summaries;
    }

    private List<Moments> moments(List<Place> columns) {
        Map<Integer, Double> scales = scales(columns);
        return query.aggregates(
                columns,
                relation,
                5,
                column -> {
                    String scaled = "CAST(" + column.sql() + " AS DOUBLE) * " + number(1 / scales.get(column.index()));
                    return List.of(
                            "avg(" + scaled + ")",
                            "coalesce(stddev_samp(" + scaled + "), 0)",
                            "skewness(" + scaled + ")",
                            "count(*) FILTER (WHERE " + column.sql() + " = 0)",
                            "count(*) FILTER (WHERE " + column.sql() + " < 0)");
                },
                (row, at, column) -> {
                    double scale = scales.get(column.index());
                    double skewness = row.getDouble(at + 2);
                    boolean defined = !row.wasNull() && Double.isFinite(skewness);
                    return new Moments(
                            row.getDouble(at) * scale,
                            row.getDouble(at + 1) * scale,
                            defined ? OptionalDouble.of(skewness) : OptionalDouble.empty(),
                            row.getLong(at + 3),
                            row.getLong(at + 4));
                });
    }

    /** Powers of two, 1 for ordinary numbers: the squares of very large ones overflow, and DuckDB then refuses the statement. */
    private Map<Integer, Double> scales(List<Place> columns) {
        Map<Integer, Double> scales = new HashMap<>();
        query.aggregates(
                columns,
                relation,
                1,
                column -> List.of("max(abs(CAST(" + column.sql() + " AS DOUBLE)))"),
                (row, at, column) -> {
                    int exponent = Math.getExponent(row.getDouble(at));
                    double scale = Math.abs(exponent) < ORDINARY ? 1 : Math.scalb(1.0, Math.max(exponent, -ORDINARY));
                    return scales.put(column.index(), scale);
                });
        return scales;
    }

    private List<Quantiles> quantiles(List<Place> columns) {
        return query.aggregates(
                columns,
                sample,
                1,
                column -> List.of("quantile_cont(CAST(" + column.sql()
                        + " AS DOUBLE), [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99])"),
                (row, at, column) -> {
                    Object[] found = (Object[]) row.getArray(at).getArray();
                    double[] values = Arrays.stream(found)
                            .mapToDouble(value -> ((Number) value).doubleValue())
                            .toArray();
                    return new Quantiles(values[0], values[1], values[2], values[3], values[4], values[5], values[6]);
                });
    }

    private List<Double> mads(List<Place> columns, Map<Integer, Quantiles> quantiles) {
        return query.aggregates(
                columns,
                sample,
                1,
                column -> List.of("coalesce(quantile_cont("
                        + distance(column, quantiles.get(column.index()).p50()) + ", 0.5), 0)"),
                (row, at, column) -> row.getDouble(at));
    }

    private List<Beyond> beyond(List<Place> columns, Map<Integer, Quantiles> quantiles, Map<Integer, Double> mads) {
        return query.aggregates(
                columns,
                relation,
                3,
                column -> {
                    Quantiles of = quantiles.get(column.index());
                    double mad = mads.get(column.index());
                    String far = mad > 0
                            ? distance(column, of.p50()) + " > " + number(EXTREME / NORMAL_QUARTILE * mad)
                            : "false";
                    String spread = of.interquartileRange() > 0 ? "" : " AND false";
                    return List.of(
                            "count(*) FILTER (WHERE " + column.sql() + " < " + number(lowerFence(of)) + spread + ")",
                            "count(*) FILTER (WHERE " + column.sql() + " > " + number(upperFence(of)) + spread + ")",
                            "count(*) FILTER (WHERE " + far + ")");
                },
                (row, at, column) -> new Beyond(row.getLong(at), row.getLong(at + 1), row.getLong(at + 2)));
    }

    private static String distance(Place column, double from) {
        return "abs(CAST(" + column.sql() + " AS DOUBLE) - " + number(from) + ")";
    }

    private static double lowerFence(Quantiles quantiles) {
        return quantiles.p25() - FENCE * quantiles.interquartileRange();
    }

    private static double upperFence(Quantiles quantiles) {
        return quantiles.p75() + FENCE * quantiles.interquartileRange();
    }

    /** A number as SQL reads it back to the last bit. */
    static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "CAST('Infinity' AS DOUBLE)" : "CAST('-Infinity' AS DOUBLE)";
        }
        return "CAST(" + String.format(Locale.ROOT, "'%s'", value) + " AS DOUBLE)";
    }
}
