package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Judges the rows again that a version set aside, some of them repaired, within one session: what passes is in {@link #TAKEN}, what
 * doesn't stays in {@link SetAside}. The rows that the version has are not read from its source again.
 */
final class Replay {
    /** As {@link Ingestion#KEPT}: the rows that join the version. */
    static final String TAKEN = "taken_rows";

    /** {@code id} and {@code cells}: all repairs that are known now. */
    static final String REPAIRS = "known_repairs";

    private static final String BASE = "base_rows";
    private static final String CHANGED = "changed_rows";
    private static final Problem.Position NOWHERE = new Problem.Position("expect", 1, 1);

    private final Session session;
    private final Base base;
    private final ReadingRules rules;
    private final Surroundings surroundings;
    private final List<TypedColumn> columns;

    /**
     * The version that rows are added to.
     *
     * @param rows what stands in FROM for its files
     */
    record Base(String dataset, Schema schema, String rows, Optional<Path> setAside, Optional<Repairs> repairs) {}

    /** @param surroundings with the tables that expectations refer to; the previous version is the base */
    Replay(Session session, Base base, ReadingRules rules, Surroundings surroundings) {
        this.session = session;
        this.base = base;
        this.rules = rules;
        this.surroundings = surroundings;
        this.columns = TextCells.columns(base.schema(), rules.contract(), rules.zone());
        Quarantine.load(session, base.setAside());
        session.execute("CREATE OR REPLACE TEMP TABLE " + REPAIRS + " AS "
                + base.repairs()
                        .map(known -> "SELECT id, cells FROM " + known.rows())
                        .orElse("SELECT 0::BIGINT AS id, '' AS cells WHERE false"));
        session.execute(
                "CREATE OR REPLACE TEMP TABLE " + CHANGED + " AS SELECT id, cells FROM " + REPAIRS + " WHERE false");
    }

    /** What was found in a file of repairs. */
    record Repaired(long repaired, long known, long gone) {
        static final Repaired NONE = new Repaired(0, 0, 0);
    }

    /**
     * Takes repairs from a file.
     *
     * @param exported what was set aside in the version that the rows are from; the base's when empty
     * @param version that version, as people write it
     */
    Repaired repair(RepairFile file, Optional<Path> exported, String version) {
        file.load(base.schema());
        String ids = "SELECT id FROM ";
        file.requireKnown(
                ids + SetAside.TABLE + " UNION ALL " + ids + REPAIRS
                        + exported.map(rows -> " UNION ALL " + ids + "read_parquet(" + Sql.globLiteral(rows) + ")")
                                .orElse(""),
                version);
        String found = "SELECT id FROM " + SetAside.TABLE;
        long known = session.count("SELECT count(*) FROM " + RepairFile.TABLE + " WHERE id NOT IN (" + found
                + ") AND id IN (SELECT id FROM " + REPAIRS + ")");
        long gone = session.count("SELECT count(*) FROM " + RepairFile.TABLE + " WHERE id NOT IN (" + found
                + ") AND id NOT IN (SELECT id FROM " + REPAIRS + ")");
        session.execute("CREATE OR REPLACE TEMP TABLE " + CHANGED + " AS SELECT f.id, f.cells FROM " + RepairFile.TABLE
                + " f JOIN " + SetAside.TABLE + " s ON s.id = f.id WHERE f.cells IS DISTINCT FROM s.cells AND NOT"
                + " (s.cells IS NULL AND f.blank)");
        session.execute("DELETE FROM " + REPAIRS + " t USING " + CHANGED + " c WHERE t.id = c.id");
        session.execute("INSERT INTO " + REPAIRS + " SELECT id, cells FROM " + CHANGED);
        session.execute(
                "UPDATE " + SetAside.TABLE + " AS t SET cells = c.cells FROM " + CHANGED + " c WHERE t.id = c.id");
        return new Repaired(session.count("SELECT count(*) FROM " + CHANGED), known, gone);
    }

    /**
     * Judges all rows that are set aside.
     *
     * @param exported the rows of the version that repaired ones were exported from, when that isn't the base
     * @return how the expectations fare with the rows that are taken
     */
    List<ExpectationResult> judge(Optional<Surroundings.Relation> exported) {
        String values = IntStream.range(0, columns.size())
                .mapToObj(i -> ", " + Sql.identifier(columns.get(i).name()) + " AS v" + i)
                .collect(Collectors.joining());
        session.execute(
                "CREATE OR REPLACE TEMP VIEW " + BASE + " AS SELECT NULL::INTEGER AS _file, NULL::BIGINT AS _line"
                        + values + ", " + ReservedColumns.ROW_ID + " AS id FROM " + base.rows());
        SourceSpec spec = spec();
        String all = "(SELECT _file, _line" + CheckedRows.values(columns.size()) + " FROM " + BASE + " UNION ALL SELECT"
                + " _file, _line" + CheckedRows.values(columns.size()) + " FROM ("
                + TypedRows.select(
                        TextCells.relation(
                                "(SELECT * FROM " + SetAside.TABLE + " WHERE cells IS NOT NULL)", base.schema()),
                        columns)
                + "))";
        ExpectationChecks checks = new ExpectationChecks(session, spec, columns, all, surroundings);
        Substitution.check(
                session, "(SELECT id, cells FROM " + SetAside.TABLE + ")", base.schema(), columns, checks.reasons());
        supersede(spec, exported);
        createViews();
        List<ExpectationResult> results = checks.run();
        Substitution.settle(session);
        return results;
    }

    /** The judgement's rules as a source that has them. */
    private SourceSpec spec() {
        ExpectationScope scope = new ExpectationScope(base.schema(), rules.zone(), schemas());
        List<Expected> checks = new ArrayList<>();
        rules.contract().checks().forEach(check -> checks.add(new Expected(check, rules.onViolation())));
        rules.expectations()
                .forEach(check ->
                        checks.add(new Expected(Expectation.parse(check.text(), NOWHERE, scope), check.severity())));
        return SourceSpec.of(base.dataset(), base.dataset())
                .withZone(rules.zone())
                .withContract(rules.contract())
                .withExpectations(checks, rules.onViolation());
    }

    private Map<String, Schema> schemas() {
        Map<String, Schema> schemas = surroundings.tables().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, table -> table.getValue().schema()));
        schemas.put(base.dataset(), base.schema());
        return schemas;
    }

    private void supersede(SourceSpec spec, Optional<Surroundings.Relation> exported) {
        List<List<Integer>> keys = RowMatch.keys(spec.expectations(), base.schema());
        if (!keys.isEmpty()) {
            keys.forEach(key -> Substitution.supersedeByKey(session, BASE + " k WHERE true", base.schema(), key));
            return;
        }
        exported.ifPresent(then -> {
            List<Integer> shared = RowMatch.shared(base.schema(), then.schema());
            Substitution.supersede(
                    session,
                    Substitution.countEqual(
                                    BASE + " k WHERE k.id NOT IN (SELECT id FROM " + REPAIRS + ")",
                                    IntStream.range(0, columns.size()).boxed().toList())
                            + " > "
                            + Substitution.countEqual(
                                    RowMatch.typed(then, base.schema(), shared) + " k WHERE true", shared));
        });
    }

    private void createViews() {
        String values = CheckedRows.values(columns.size());
        session.execute("CREATE OR REPLACE TEMP TABLE " + TAKEN + " AS SELECT _file, _line" + values + ", id FROM "
                + Substitution.REPAIRED + " WHERE reason IS NULL ORDER BY _file, _line");
        session.execute("CREATE OR REPLACE TEMP VIEW " + Ingestion.KEPT + " AS SELECT * FROM " + BASE
                + " UNION ALL SELECT * FROM " + TAKEN);
        session.execute("CREATE OR REPLACE TEMP VIEW " + Ingestion.CHECKED + " AS SELECT _file, _line, id AS h" + values
                + ", CAST(NULL AS VARCHAR) AS reason FROM " + BASE + " UNION ALL SELECT _file, _line, id" + values
                + ", reason FROM " + Substitution.REPAIRED);
    }

    /** What is wrong with repaired rows that were not taken. */
    List<QuarantinedRow> broken(int limit) {
        return session.query(
                "SELECT source, _line, reason, coalesce(cells, raw) FROM " + SetAside.TABLE
                        + " WHERE id IN (SELECT id FROM " + CHANGED + ") ORDER BY _file, _line LIMIT " + limit,
                row -> new QuarantinedRow(
                        Path.of(row.getString(1)), row.getLong(2), row.getString(3), row.getString(4)));
    }

    /** @throws InvalidInputException when rows can't be judged by these rules without their source */
    static void requireSameTypes(String dataset, Schema schema, Contract contract) {
        List<Problem> problems = new ArrayList<>();
        for (ColumnContract column : contract.columns()) {
            boolean same = schema.find(column.name())
                    .filter(found ->
                            column.type().filter(type -> type != found.type()).isEmpty())
                    .isPresent();
            if (!same) {
                problems.add(Problem.of(dataset + ": schema: " + column.name() + ": "
                        + column.type().map(type -> type.label()).orElse("a column")
                        + " (expected: "
                        + schema.find(column.name())
                                .map(found -> found.type().label())
                                .orElse("a column that the newest version has")
                        + ", as in the newest version). Run the pipeline, which reads the source by these types."));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
    }
}
