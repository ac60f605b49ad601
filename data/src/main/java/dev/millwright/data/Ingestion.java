package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Progress;
import dev.millwright.core.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reads a source into checked, typed rows within one session: staged → typed → checked. Every row that was read is in the end
 * either in {@link #KEPT} or in quarantine.
 */
final class Ingestion {
    /** {@code _file}, {@code _line}, {@code h} (hash of the row), typed {@code v0}, {@code v1}, … and {@code reason}. */
    static final String CHECKED = "checked_rows";

    /** Checked rows that equal an earlier one: {@code _file}, {@code _line} and the {@code id} that they have instead of their hash. */
    static final String REPEATED = "repeated_rows";

    /** Typed {@code v0}, {@code v1}, … and {@code id}, of rows without a reason against them. */
    static final String KEPT = "kept_rows";

    private final Session session;
    private final SourceSpec spec;
    private final Staged staged;
    private final List<TypedColumn> columns;
    private final ExpectationChecks checks;
    private final Surroundings surroundings;

    private Ingestion(
            Session session, SourceSpec spec, Staged staged, List<TypedColumn> columns, Surroundings surroundings) {
        this.session = session;
        this.spec = spec;
        this.staged = staged;
        this.columns = columns;
        this.surroundings = surroundings;
        this.checks = new ExpectationChecks(
                session, spec, columns, "(" + TypedRows.select(staged.relation(), columns) + ")", surroundings);
    }

    /** What was read; the rows wait in the session's tables. */
    record Outcome(Staged staged, Schema schema, long kept, DatasetReport report) {
        long quarantined() {
            return staged.rowsRead() - kept;
        }
    }

    /** @throws MillwrightException {@link DataError#EXPECTATION_FAILED} when the data is refused */
    static Outcome run(DuckDb duck, Session session, SourceSpec source, Surroundings surroundings, Progress progress) {
        SourceSpec spec = withContractChecks(source);
        Staged staged = new Stager(duck, session, progress).stage(spec, Stager.WHOLE);
        RepeatedFiles.refuse(session, spec, staged);
        if (staged.rows() == 0) {
            throw nothingUsable(session, spec, staged);
        }
        progress.report("rows of " + spec.dataset() + " typed and checked", 0, staged.rows());
        List<TypedColumn> columns = new TypeInference(session, spec, staged).columns();
        Outcome outcome = new Ingestion(session, spec, staged, columns, surroundings).check();
        progress.report("rows of " + spec.dataset() + " typed and checked", staged.rows(), staged.rows());
        return outcome;
    }

    /** What the contract says of values is checked like expectations, and before them. */
    private static SourceSpec withContractChecks(SourceSpec source) {
        List<Expected> checks = new ArrayList<>();
        source.contract().checks().forEach(check -> checks.add(new Expected(check, source.onViolation())));
        checks.addAll(source.expectations());
        return source.withExpectations(checks, source.onViolation());
    }

    static InvalidInputException nothingUsable(Session session, SourceSpec spec, Staged staged) {
        String reason = staged.rejected() == 0
                ? " holds no rows"
                : session.single(
                        "SELECT _line, reason FROM " + Staged.REJECTED + " ORDER BY _file, _line LIMIT 1", row -> {
                            String text = row.getString(2);
                            return ": all " + staged.rejected() + " rows are broken, the first at line "
                                    + row.getLong(1) + ": " + text;
                        });
        return new InvalidInputException(
                spec.dataset() + ": " + staged.files().getFirst() + reason + " (expected: at least one row)");
    }

    private Outcome check() {
        session.execute("CREATE OR REPLACE TEMP TABLE " + CHECKED + " AS "
                + CheckedRows.select(staged.relation(), columns, checks.reasons()));
        createRepeated();
        SetAside.create(session, staged);
        Schema schema = new Schema(columns.stream()
                .map(column -> new Column(column.name(), column.type()))
                .toList());
        Optional<RepairUse> repairs = surroundings.repairs().map(known -> substitute(known, schema));
        createKept();
        long kept = session.count("SELECT count(*) FROM " + KEPT);
        if (kept == 0) {
            throw new MillwrightException(
                    DataError.EXPECTATION_FAILED,
                    spec.dataset() + ": all " + staged.rowsRead()
                            + " rows go to quarantine (expected: some that pass): "
                            + reasons().getFirst().reason());
        }
        List<ExpectationResult> results = checks.run();
        return new Outcome(
                staged, schema, kept, new DatasetReport(spec.dataset(), results, reasons(), repairs.orElse(null)));
    }

    private RepairUse substitute(Repairs repairs, Schema schema) {
        return new Substitution(
                        session,
                        repairs,
                        surroundings.previous().orElseThrow(),
                        schema,
                        RowMatch.keys(spec.expectations(), schema))
                .run(TextCells.columns(schema, spec.contract(), spec.zone()), checks.reasons());
    }

    /**
     * A row's id is its hash. Of rows that share one, the second, third, … take a hash of it and their number; those are rare,
     * and only they pay for the sort.
     */
    private void createRepeated() {
        session.execute("CREATE OR REPLACE TEMP TABLE " + REPEATED
                + " AS SELECT _file, _line, CAST(md5_number_lower(h || ':' ||"
                + " row_number() OVER (PARTITION BY h ORDER BY _file, _line)) >> 1 AS BIGINT) AS id,"
                + " row_number() OVER (PARTITION BY h ORDER BY _file, _line) AS occurrence FROM " + CHECKED
                + " WHERE h IN (SELECT h FROM " + CHECKED + " GROUP BY h HAVING count(*) > 1)");
        session.execute("DELETE FROM " + REPEATED + " WHERE occurrence = 1");
    }

    private void createKept() {
        String values = CheckedRows.values(columns.size());
        if (surroundings.repairs().isEmpty() && session.count("SELECT count(*) FROM " + REPEATED) == 0) {
            session.execute("CREATE OR REPLACE TEMP VIEW " + KEPT + " AS SELECT _file, _line" + values
                    + ", h AS id FROM " + CHECKED + " WHERE reason IS NULL");
            return;
        }
        session.execute("CREATE OR REPLACE TEMP VIEW " + KEPT + " AS SELECT c._file, c._line" + values
                + ", coalesce(r.id, c.h) AS id FROM " + CHECKED
                + " c LEFT JOIN " + REPEATED + " r ON c._file = r._file AND c._line = r._line WHERE c.reason IS NULL"
                + " ORDER BY c._file, c._line");
        long clashes = session.count("SELECT count(*) - count(DISTINCT id) FROM " + KEPT);
        if (clashes > 0) {
            throw new MillwrightException(
                    DataError.ENGINE_FAILED,
                    spec.dataset() + ": " + clashes + " row ids clash (expected: none; the chance is below 1 in 2^40);"
                            + " remove repeated rows and try again");
        }
    }

    /** Kinds of reasons: the values in them are left out, so that equal ones add up. */
    private List<DatasetReport.Reason> reasons() {
        return reasons(session);
    }

    static List<DatasetReport.Reason> reasons(Session session) {
        return session.query(
                "SELECT regexp_replace(reason, '''[^'']*'' (is not|breaks)', '\\1', 'g') AS kind, count(*) AS rows FROM "
                        + SetAside.TABLE + " GROUP BY kind ORDER BY rows DESC, kind LIMIT 20",
                row -> new DatasetReport.Reason(row.getString(1), row.getLong(2)));
    }

    /**
     * What goes into the data files: the values of the columns, in their order, and the id.
     *
     * @param table as {@link #KEPT}
     */
    static String rows(Schema schema, String table) {
        return "SELECT "
                + IntStream.range(0, schema.columns().size())
                        .mapToObj(i -> "v" + i + ", ")
                        .collect(Collectors.joining())
                + "id FROM " + table;
    }
}
