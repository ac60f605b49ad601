package dev.millwright.data.profile;

import dev.millwright.core.ColumnType;
import dev.millwright.data.TypedTable;
import dev.millwright.data.profile.TableQuery.Place;
import dev.millwright.data.profile.TimeCoverage.Bucket;
import dev.millwright.data.profile.TimeCoverage.Gap;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/** Looks at the time that columns of timestamps cover, over all rows. */
final class TimeStudy {
    private static final int MOST_BUCKETS = 60;
    private static final int SHOWN_GAPS = 5;

    /** Of fewer different timestamps nobody can say how far apart they usually are. */
    private static final int ENOUGH_INSTANTS = 20;

    private static final int TIMES_USUAL = 5;
    private static final long MICROS = 1_000_000;

    /** The units of {@code date_trunc} with their length in seconds, about. */
    private enum Unit {
        SECOND(1),
        MINUTE(60),
        HOUR(3_600),
        DAY(86_400),
        WEEK(604_800),
        MONTH(2_629_746),
        QUARTER(7_889_238),
        YEAR(31_556_952),
        DECADE(315_569_520);

        private final long seconds;

        Unit(long seconds) {
            this.seconds = seconds;
        }

        private String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final TableQuery query;
    private final String relation;
    private final Instant now;

    /** @param now the moment of the profile */
    TimeStudy(TableQuery query, Instant now) {
        this.query = query;
        this.relation = query.table().relation();
        this.now = now;
    }

    private record Span(long first, long last) {}

    private record Gaps(long all, List<Gap> longest) {}

    List<TimeCoverage> coverages(List<ColumnSummary> summaries) {
        return query.columns().stream()
                .filter(column -> column.column().type() == ColumnType.TIMESTAMP
                        && summaries.get(column.index()).present() > 0)
                .map(this::coverage)
                .toList();
    }

    private TimeCoverage coverage(Place column) {
        String micros = "epoch_us(" + column.sql() + ")";
        Span span = query.session()
                .single(
                        "SELECT min(" + micros + "), max(" + micros + ") FROM " + relation,
                        row -> new Span(row.getLong(1), row.getLong(2)));
        Unit unit = unit((span.last() - span.first()) / MICROS);
        Gaps gaps = gaps(micros);
        long future =
                query.session().count("SELECT count(*) FROM " + relation + " WHERE " + micros + " > " + micros(now));
        return new TimeCoverage(
                column.name(),
                instant(span.first()),
                instant(span.last()),
                unit.label(),
                buckets(column, unit),
                gaps.longest(),
                gaps.all(),
                outOfOrder(column),
                future);
    }

    private static Unit unit(long seconds) {
        for (Unit unit : Unit.values()) {
            if (seconds / unit.seconds < MOST_BUCKETS) {
                return unit;
            }
        }
        return Unit.DECADE;
    }

    /** Buckets of equal units, of which those without a row count 0. */
    private List<Bucket> buckets(Place column, Unit unit) {
        String bucket = "date_trunc('" + unit.label() + "', " + column.sql() + ")";
        String step = unit == Unit.QUARTER ? "3 MONTH" : unit == Unit.DECADE ? "10 YEAR" : "1 " + unit.name();
        return query.session()
                .query(
                        "WITH counted AS (SELECT " + bucket + " AS bucket, count(*) AS n FROM " + relation + " WHERE "
                                + column.sql()
                                + " IS NOT NULL GROUP BY bucket), every AS (SELECT unnest(generate_series("
                                + "min(bucket)::TIMESTAMP, max(bucket)::TIMESTAMP, INTERVAL " + step
                                + ")) AS bucket FROM counted) SELECT epoch_us(every.bucket::TIMESTAMP), coalesce(n, 0)"
                                + " FROM every LEFT JOIN counted ON every.bucket = counted.bucket::TIMESTAMP"
                                + " ORDER BY every.bucket",
                        row -> new Bucket(instant(row.getLong(1)), row.getLong(2)));
    }

    private Gaps gaps(String micros) {
        String steps = "(SELECT lag(t) OVER (ORDER BY t) AS after, t AS before, t - lag(t) OVER (ORDER BY t) AS step"
                + " FROM (SELECT DISTINCT " + micros + " AS t FROM " + relation + " WHERE " + micros
                + " IS NOT NULL))";
        long[] usual = query.session()
                .single("SELECT count(step), coalesce(approx_quantile(step, 0.99), 0) FROM " + steps, row ->
                        new long[] {row.getLong(1), row.getLong(2)});
        if (usual[0] < ENOUGH_INSTANTS) {
            return new Gaps(0, List.of());
        }
        String condition = " WHERE step > " + TIMES_USUAL + " * CAST(" + usual[1] + " AS HUGEINT)";
        List<Gap> longest = query.session()
                .query(
                        "SELECT after, before FROM " + steps + condition + " ORDER BY step DESC, after LIMIT "
                                + SHOWN_GAPS,
                        row -> new Gap(instant(row.getLong(1)), instant(row.getLong(2))));
        return new Gaps(query.session().count("SELECT count(*) FROM " + steps + condition), longest);
    }

    private OptionalLong outOfOrder(Place column) {
        return query.table().order() == TypedTable.Order.NONE
                ? OptionalLong.empty()
                : OptionalLong.of(query.session()
                        .count("SELECT count(*) FROM (SELECT " + column.sql() + " AS t, lag(" + column.sql()
                                + ") OVER (ORDER BY " + TypedTable.PLACE + ") AS earlier FROM " + relation + " WHERE "
                                + column.sql() + " IS NOT NULL) WHERE t < earlier"));
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000);
    }

    private static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), MICROS), instant.getNano() / 1_000);
    }
}
