package dev.millwright.data;

import dev.millwright.core.Task;
import java.util.Locale;
import java.util.Optional;

/**
 * Puts rows ({@code id}, {@code time}, {@code known}, {@code class}) into parts ({@code id}, {@code time}, {@code part}). A row whose
 * label was known only when a test by time had begun belongs to no part: whoever had trained by then could not have had it.
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
    record Cuts(Optional<Long> validationFrom, Optional<Long> testFrom) {}

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
        session.execute("CREATE OR REPLACE TEMP TABLE " + parts + " AS SELECT id, time, CASE WHEN place <= " + test
                + " THEN 'test' WHEN place <= " + test + " + " + validation
                + " THEN 'validation' ELSE 'train' END AS part FROM (SELECT id, time, row_number() OVER (" + within
                + " ORDER BY md5_number_lower('" + spec.seed() + ":' || id), id) AS place, count(*) OVER (" + within
                + ") AS n FROM " + rows + ")");
    }

    private Cuts byTime(SplitSpec.ByTime spec) {
        Optional<Long> testFrom = cut("true", spec.test());
        String earlier = testFrom.map(cut -> "(time < " + cut + " AND coalesce(known < " + cut + ", true))")
                .orElse("true");
        Optional<Long> validationFrom = cut(earlier, spec.validation());
        String test = testFrom.map(cut -> "time >= " + cut).orElse("false");
        String validation = validationFrom.map(cut -> "time >= " + cut).orElse("false");
        session.execute("CREATE OR REPLACE TEMP TABLE " + parts + " AS SELECT id, time, CASE WHEN " + test
                + " THEN 'test' WHEN " + validation + " THEN 'validation' ELSE 'train' END AS part FROM " + rows + " WHERE " + test + " OR " + earlier);
        return new Cuts(validationFrom, testFrom);
    }

    /** The instant from which on there are as nearly as possible {@code share} of the rows, but neither none nor all. */
    private Optional<Long> cut(String condition, double share) {
        if (share == 0) {
            return Optional.empty();
        }
        return session
                .query(
                        "SELECT time FROM (SELECT time, sum(n) OVER (ORDER BY time DESC) AS tail, sum(n) OVER () AS total"
                                + " FROM (SELECT time, count(*) AS n FROM " + rows + " WHERE " + condition
                                + " GROUP BY time)) WHERE tail < total ORDER BY abs(tail - total * " + share(share)
                                + "), time DESC LIMIT 1",
                        row -> row.getLong(1))
                .stream()
                .findFirst();
    }

    private static String share(double share) {
        return String.format(Locale.ROOT, "%.12f::DOUBLE", share);
    }
}
