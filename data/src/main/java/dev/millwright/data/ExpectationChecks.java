package dev.millwright.data;

import dev.millwright.core.MillwrightException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds what was read to its expectations: those on rows to all rows that were read whole, those on the table to the rows that are
 * kept.
 */
final class ExpectationChecks {
    private static final int EXAMPLES = 3;

    private final Session session;
    private final SourceSpec spec;
    private final Surroundings surroundings;
    private final CheckedColumns columns;
    private final String asRead;

    /** @param asRead what stands in FROM for all typed rows before {@link Ingestion#CHECKED} is there */
    ExpectationChecks(
            Session session, SourceSpec spec, List<TypedColumn> typed, String asRead, Surroundings surroundings) {
        this.session = session;
        this.spec = spec;
        this.surroundings = surroundings;
        this.columns = new CheckedColumns(spec.dataset(), typed);
        this.asRead = asRead;
    }

    /** What stands in FROM for a table, when the rows themselves are in {@code own}. */
    private UnaryOperator<String> tables(String own) {
        return name -> name.equals(spec.dataset()) ? columns.named(own) : surroundings.table(name);
    }

    private ExpectationSql sql(String own) {
        return new ExpectationSql(columns, tables(own), spec.zone(), surroundings.now());
    }

    /** Of rows that are to be set aside, the texts that say why; NULL of others. */
    List<String> reasons() {
        ExpectationSql sql = sql(asRead);
        return spec.expectations().stream()
                .filter(expected -> expected.effect() == OnViolation.QUARANTINE)
                .map(Expected::expectation)
                .flatMap(expectation ->
                        expectation instanceof Expectation.OfRow row ? Stream.of(sql.reason(row)) : Stream.empty())
                .toList();
    }

    /**
     * How each expectation fared, in their order.
     *
     * @throws MillwrightException {@link DataError#EXPECTATION_FAILED} when the data is refused
     */
    List<ExpectationResult> run() {
        Iterator<Long> broken = broken(spec.expectations().stream()
                        .map(Expected::expectation)
                        .flatMap(check -> check instanceof Expectation.OfRow row ? Stream.of(row) : Stream.empty())
                        .toList())
                .iterator();
        Measuring kept =
                new Measuring(session, Ingestion.KEPT, columns::naive, tables(Ingestion.KEPT), surroundings.now());
        Iterator<ExpectationResult> measured = new TableChecks(session, spec, kept, surroundings)
                .run(spec.expectations())
                .iterator();
        List<ExpectationResult> results = new ArrayList<>();
        for (Expected expected : spec.expectations()) {
            results.add(
                    switch (expected.expectation()) {
                        case Expectation.OfRow row -> result(row, expected.effect(), broken.next());
                        case Expectation.OfTable _ -> measured.next();
                    });
        }
        refuse(spec.dataset(), results);
        return results;
    }

    private List<Long> broken(List<Expectation.OfRow> expectations) {
        if (expectations.isEmpty()) {
            return List.of();
        }
        ExpectationSql sql = sql(Ingestion.CHECKED);
        String counts = expectations.stream()
                .map(expectation -> "count(*) FILTER (WHERE " + sql.broken(expectation) + ")")
                .collect(Collectors.joining(", "));
        return session.single("SELECT " + counts + " FROM " + Ingestion.CHECKED, row -> {
            List<Long> broken = new ArrayList<>();
            for (int i = 1; i <= expectations.size(); i++) {
                broken.add(row.getLong(i));
            }
            return broken;
        });
    }

    private ExpectationResult result(Expectation.OfRow expectation, OnViolation severity, long broken) {
        ExpectationSql sql = sql(Ingestion.CHECKED);
        List<String> examples = broken == 0
                ? List.of()
                : session.query(
                        "SELECT left(" + sql.example(expectation) + ", 60), _line FROM " + Ingestion.CHECKED + " WHERE "
                                + sql.broken(expectation) + " ORDER BY _file, _line LIMIT " + EXAMPLES,
                        row -> row.getString(1) + " (line " + row.getLong(2) + ")");
        return new ExpectationResult(
                expectation.text(),
                broken == 0 ? ExpectationResult.Outcome.PASSED : ExpectationResult.Outcome.BROKEN,
                broken,
                examples,
                severity,
                Measurement.ofRows(expectation.text(), broken));
    }

    /** Those on freshness that a stored version breaks by now. */
    static List<ExpectationResult> overdue(
            Session session, SourceSpec spec, Surroundings.Relation version, Instant now) {
        List<Expected> timed = spec.expectations().stream()
                .filter(expected -> expected.expectation() instanceof Expectation.OfTable check
                        && check.measure() instanceof Measure.Freshness)
                .toList();
        Surroundings surroundings = Surroundings.at(now);
        Measuring rows = new Measuring(session, version.sql(), Sql::identifier, surroundings::table, now);
        return new TableChecks(session, spec, rows, surroundings)
                .run(timed).stream().filter(result -> !result.passed()).toList();
    }

    /** @throws MillwrightException {@link DataError#EXPECTATION_FAILED} when one fails that nothing may be stored without */
    static void refuse(String dataset, List<ExpectationResult> results) {
        List<String> refusals = results.stream()
                .filter(ExpectationResult::refuses)
                .map(result -> dataset + ": " + result.sentence())
                .toList();
        if (!refusals.isEmpty()) {
            throw new MillwrightException(
                    DataError.EXPECTATION_FAILED,
                    String.join(System.lineSeparator(), refusals) + System.lineSeparator()
                            + "(expected: data that meets its expectations; mend the data, or change schema:, expect: or"
                            + " on_violation:)");
        }
    }
}
