package dev.millwright.data.profile;

import dev.millwright.core.ColumnType;
import dev.millwright.data.profile.Histogram.Bin;
import dev.millwright.data.profile.NumberSummary.Quantiles;
import dev.millwright.data.profile.TableQuery.Place;
import java.util.ArrayList;
import java.util.List;

/** Counts values into bins, over all rows. */
final class HistogramStudy {
    private static final int BINS = 24;

    /** Tails that are so many times longer than the middle 98 % are cut off and counted. */
    private static final double LONG_TAIL = 3;

    private final TableQuery query;

    HistogramStudy(TableQuery query) {
        this.query = query;
    }

    private record Range(double low, double high) {}

    /** A bar for each value of a few whole numbers, else bins of one width over nearly all values. */
    Histogram histogram(Place column, NumberSummary summary, long distinct) {
        String value = "CAST(" + column.sql() + " AS DOUBLE)";
        Range all = range(value);
        if (column.column().type() == ColumnType.BIGINT && all.high() - all.low() < BINS) {
            int bins = (int) (all.high() - all.low()) + 1;
            return counted(value, new Range(all.low() - 0.5, all.high() + 0.5), bins);
        }
        return distinct == 1
                ? counted(value, new Range(all.low() - 0.5, all.low() + 0.5), 1)
                : counted(value, middle(all, summary.quantiles()), BINS);
    }

    private Range range(String value) {
        return query.session()
                .single(
                        "SELECT min(" + value + "), max(" + value + ") FROM "
                                + query.table().relation(),
                        row -> new Range(row.getDouble(1), row.getDouble(2)));
    }

    private static Range middle(Range all, Quantiles quantiles) {
        double width = quantiles.p99() - quantiles.p01();
        if (width <= 0 || !Double.isFinite(all.high() - all.low())) {
            return all;
        }
        double low = quantiles.p01() - all.low() > LONG_TAIL * width ? quantiles.p01() : all.low();
        double high = all.high() - quantiles.p99() > LONG_TAIL * width ? quantiles.p99() : all.high();
        return new Range(low, high);
    }

    private Histogram counted(String value, Range range, int bins) {
        double width = range.high() / bins - range.low() / bins;
        String from = NumberStudy.number(range.low());
        String to = NumberStudy.number(range.high());
        String bin = "CASE WHEN " + value + " < " + from + " THEN -1 WHEN " + value + " > " + to + " THEN " + bins
                + " ELSE CAST(least(" + (bins - 1) + ", greatest(0, floor((" + value + " - " + from + ") / "
                + NumberStudy.number(width) + "))) AS INTEGER) END";
        long[] counts = new long[bins + 2];
        query.session()
                .query(
                        "SELECT bin, count(*) FROM (SELECT " + bin + " AS bin FROM "
                                + query.table().relation() + " WHERE " + value
                                + " IS NOT NULL) GROUP BY bin",
                        row -> counts[row.getInt(1) + 1] = row.getLong(2));
        List<Bin> found = new ArrayList<>();
        for (int i = 0; i < bins; i++) {
            double end = i == bins - 1 ? range.high() : range.low() + (i + 1) * width;
            found.add(new Bin(range.low() + i * width, end, counts[i + 1]));
        }
        return new Histogram(found, counts[0], counts[bins + 1]);
    }
}
