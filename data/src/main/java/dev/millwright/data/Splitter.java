package dev.millwright.data;

import dev.millwright.core.Task;
import java.util.Locale;
import java.util.Optional;

/**
 * Puts rows ({@code id}, {@code time}, {@code known}, {@code class}) into parts: the same rows with {@code part}. A row whose label
 * was known only when a test by time had begun belongs to no part: whoever had trained by then could not have had it.
 */
final class Splitter {
    private final Session session;
    private final String rows;
    private final String parts;

    Splitter(Session session, String rows, String parts) {
        this.session = session;
        this.rows = rows;
        this.parts = parts;
    }

    /** Where a split by time cuts, in microseconds since 1970. */
    record Cuts(Optional<Long> validationFrom, Optional<Long> testFrom) {
        /** The part of a row, as SQL; makes sense after a split by time. */
        String part(String time) {
            String test = testFrom.map(cut -> time + " >= " + cut).orElse("false");
            String validation = validationFrom.map(cut -> time + " >= " + cut).orElse("false");
            return "CASE WHEN " + test + " THEN 'test' WHEN " + validation + " THEN 'validation' ELSE 'train' END";
        }

        /** Whether a row belongs to any part, as SQL. */
        String takes(String time, String known) {
            return testFrom.map(cut -> "(" + time + " >= " + cut + " OR " + before(known, cut) + ")")
                    .orElse("true");
        }

        private static String before(String known, long cut) {
            return "coalesce(" + known + " < " + cut + ", true)";
        }
    }

    Cuts split(SplitSpec spec, Task task) {
        return switch (spec) {
            case SplitSpec.Random random -> {
                random(random, task);
                yield new Cuts(Optional.empty(), Optional.empty());
            }
            case SplitSpec.ByTime byTime -> byTime(byTime);
        };
    }

    /** Rows in the order of a hash: the first are the test, the next the validation. Shares are exact, up to rounding. */
    private void random(SplitSpec.Random spec, Task task) {
        boolean stratified = task.isClassification() && spec.stratify() == SplitSpec.Stratify.BY_CLASS;
        String within = stratified ? "PARTITION BY class" : "";
        String test = "CAST(round(n * " + share(spec.test()) + ") AS BIGINT)";
        String validation = "CAST(round((n - " + test + ") * " + share(spec.validation()) + ") AS BIGINT)";
        session.execute("CREATE OR REPLACE TEMP TABLE " + parts + " AS SELECT * EXCLUDE (place, n), CASE WHEN place <= "
                + test + " THEN 'test' WHEN place <= " + test + " + " + validation
                + " THEN 'validation' ELSE 'train' END AS part FROM (SELECT *, row_number() OVER (" + within
                + " ORDER BY md5_number_lower('" + spec.seed() + ":' || id), id) AS place, count(*) OVER (" + within
                + ") AS n FROM " + rows + ")");
    }

    private Cuts byTime(SplitSpec.ByTime spec) {
        Optional<Long> testFrom = cut("true", spec.test());
        String earlier = testFrom.map(cut -> "time < " + cut + " AND " + Cuts.before("known", cut))
                .orElse("true");
        Optional<Long> validationFrom = cut(earlier, spec.validation());
        Cuts cuts = new Cuts(validationFrom, testFrom);
        session.execute("CREATE OR REPLACE TEMP TABLE " + parts + " AS SELECT *, " + cuts.part("time")
                + " AS part FROM " + rows + " WHERE " + cuts.takes("time", "known"));
        return cuts;
    }

    /** The instant from which on there are as nearly as possible {@code share} of the rows, but neither none nor all. */
    private Optional<Long> cut(String condition, double share) {
        String chosen = " FROM " + rows + " WHERE " + condition;
        long total = session.count("SELECT count(*)" + chosen);
        if (share == 0 || total == 0) {
            return Optional.empty();
        }
        // The row whose place from the end is the share: the cut is at its time, or at the next later one.
        long place = Math.clamp(Math.round(total * share), 1, total);
        long at = session.count("SELECT time" + chosen + " ORDER BY time DESC LIMIT 1 OFFSET " + (place - 1));
        return session
                .query(
                        "SELECT time FROM (SELECT time, (SELECT count(*)" + chosen
                                + " AND time >= candidates.time) AS tail FROM (SELECT " + at
                                + " AS time UNION ALL SELECT min(time)" + chosen + " AND time > " + at
                                + ") candidates) WHERE tail > 0 AND tail < " + total + " ORDER BY abs(tail - " + total
                                + " * " + share(share) + "), time DESC LIMIT 1",
                        row -> row.getLong(1))
                .stream()
                .findFirst();
    }

    private static String share(double share) {
        return String.format(Locale.ROOT, "%.12f::DOUBLE", share);
    }
}
