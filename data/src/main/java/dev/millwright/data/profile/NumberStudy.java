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

    /** A column and the power of two by which its numbers are divided before they are squared. */
    private record Scaled(Place column, double scale) {}

    private record Moments(double mean, double deviation, OptionalDouble skewness, long zeros, long negatives) {}

    private record Middle(Place column, Quantiles quantiles) {
        double lowerFence() {
            return quantiles.p25() - FENCE * quantiles.interquartileRange();
        }

        double upperFence() {
            return quantiles.p75() + FENCE * quantiles.interquartileRange();
        }

        String distance() {
            return "abs(CAST(" + column.sql() + " AS DOUBLE) - " + number(quantiles.p50()) + ")";
        }
    }

    private record Spread(Middle middle, double mad) {}

    /** By place of the column. Each of {@code columns} has a value. */
    Map<Integer, NumberSummary> summaries(List<Place> columns) {
        List<Moments> moments = moments(columns);
        List<Middle> middles = middles(columns);
        List<Outliers> outliers = outliers(spreads(middles));
        Map<Integer, NumberSummary> summaries = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            Moments of = moments.get(i);
            summaries.put(
                    columns.get(i).index(),
                    new NumberSummary(
                            of.mean(),
                            of.deviation(),
                            of.skewness(),
                            of.zeros(),
                            of.negatives(),
                            middles.get(i).quantiles(),
                            outliers.get(i)));
        }
        return summaries;
    }

    private List<Moments> moments(List<Place> columns) {
        return query.aggregates(
                scaled(columns),
                relation,
                5,
                scaled -> {
                    String value = scaled.column().sql();
                    String small = "CAST(" + value + " AS DOUBLE) * " + number(1 / scaled.scale());
                    return List.of(
                            "avg(" + small + ")",
                            "coalesce(stddev_samp(" + small + "), 0)",
                            "skewness(" + small + ")",
                            "count(*) FILTER (WHERE " + value + " = 0)",
                            "count(*) FILTER (WHERE " + value + " < 0)");
                },
                (row, at, scaled) -> {
                    double skewness = row.getDouble(at + 2);
                    boolean defined = !row.wasNull() && Double.isFinite(skewness);
                    return new Moments(
                            row.getDouble(at) * scaled.scale(),
                            row.getDouble(at + 1) * scaled.scale(),
                            defined ? OptionalDouble.of(skewness) : OptionalDouble.empty(),
                            row.getLong(at + 3),
                            row.getLong(at + 4));
                });
    }

    /** By 1 for ordinary numbers: the squares of very large ones overflow, and DuckDB then refuses the statement. */
    private List<Scaled> scaled(List<Place> columns) {
        return query.aggregates(
                columns,
                relation,
                1,
                column -> List.of("max(abs(CAST(" + column.sql() + " AS DOUBLE)))"),
                (row, at, column) -> {
                    int exponent = Math.getExponent(row.getDouble(at));
                    boolean ordinary = Math.abs(exponent) < ORDINARY;
                    return new Scaled(column, ordinary ? 1 : Math.scalb(1.0, Math.max(exponent, -ORDINARY)));
                });
    }

    private List<Middle> middles(List<Place> columns) {
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
                    return new Middle(
                            column,
                            new Quantiles(values[0], values[1], values[2], values[3], values[4], values[5], values[6]));
                });
    }

    private List<Spread> spreads(List<Middle> middles) {
        return query.aggregates(
                middles,
                sample,
                1,
                middle -> List.of("coalesce(quantile_cont(" + middle.distance() + ", 0.5), 0)"),
                (row, at, middle) -> new Spread(middle, row.getDouble(at)));
    }

    private List<Outliers> outliers(List<Spread> spreads) {
        return query.aggregates(
                spreads,
                relation,
                3,
                spread -> {
                    Middle middle = spread.middle();
                    String value = middle.column().sql();
                    String varies = middle.quantiles().interquartileRange() > 0 ? "" : " AND false";
                    String far = spread.mad() > 0
                            ? middle.distance() + " > " + number(EXTREME / NORMAL_QUARTILE * spread.mad())
                            : "false";
                    return List.of(
                            "count(*) FILTER (WHERE " + value + " < " + number(middle.lowerFence()) + varies + ")",
                            "count(*) FILTER (WHERE " + value + " > " + number(middle.upperFence()) + varies + ")",
                            "count(*) FILTER (WHERE " + far + ")");
                },
                (row, at, spread) -> new Outliers(
                        spread.middle().lowerFence(),
                        spread.middle().upperFence(),
                        row.getLong(at),
                        row.getLong(at + 1),
                        spread.mad(),
                        row.getLong(at + 2)));
    }

    /** A number as SQL reads it back to the last bit. */
    static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "CAST('Infinity' AS DOUBLE)" : "CAST('-Infinity' AS DOUBLE)";
        }
        return "CAST(" + String.format(Locale.ROOT, "'%s'", value) + " AS DOUBLE)";
    }
}
