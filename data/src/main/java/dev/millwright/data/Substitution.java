package dev.millwright.data;

import dev.millwright.core.Schema;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Puts repaired rows in the place of the broken ones that a source still brings, before {@link Ingestion#KEPT} is made. A repair
 * isn't taken when the source brings the row itself: one with the same key, or, where nothing tells rows apart, more equal
 * rows than the previous version has without the repair.
 */
final class Substitution {
    /** {@code _file}, {@code _line}, {@code id}, {@code found} (the reason against the broken row), {@code cells}, values, {@code reason}, {@code superseded}. */
    static final String REPAIRED = "repaired_rows";

    private static final String CANDIDATES = "candidate_rows";
    private static final String SAME_PLACE = " r._file = t._file AND r._line = t._line";

    private final Session session;
    private final Repairs repairs;
    private final Surroundings.Relation previous;
    private final Schema schema;
    private final List<List<Integer>> keys;

    Substitution(
            Session session, Repairs repairs, Surroundings.Relation previous, Schema schema, List<List<Integer>> keys) {
        this.session = session;
        this.repairs = repairs;
        this.previous = previous;
        this.schema = schema;
        this.keys = keys;
    }

    /**
     * Changes the session's tables of checked, rejected and set-aside rows.
     *
     * @param columns how text cells become values
     * @param reasons as in {@link CheckedRows#select}
     */
    RepairUse run(List<TypedColumn> columns, List<String> reasons) {
        check(session, repairs.rows(), schema, columns, reasons);
        if (keys.isEmpty()) {
            supersedeEqual();
        } else {
            keys.forEach(key -> supersedeByKey(session, Ingestion.CHECKED + " k WHERE k.reason IS NULL", schema, key));
        }
        replace();
        long absent = session.count("SELECT count(*) FROM " + repairs.rows() + " WHERE id NOT IN (SELECT id FROM "
                + REPAIRED + ") AND id IN (SELECT " + ReservedColumns.ROW_ID + " FROM " + previous.sql() + ")");
        return session.single(
                "SELECT count(*) FILTER (WHERE reason IS NULL), count(*) FILTER (WHERE reason IS NOT NULL AND NOT"
                        + " superseded), count(*) FILTER (WHERE superseded) FROM " + REPAIRED,
                row -> new RepairUse(row.getLong(1), row.getLong(2), row.getLong(3), absent));
    }

    /** Types and checks the repairs of rows that are set aside, into {@link #REPAIRED}. */
    static void check(Session session, String repairs, Schema schema, List<TypedColumn> columns, List<String> reasons) {
        session.execute("CREATE OR REPLACE TEMP TABLE " + CANDIDATES
                + " AS SELECT s._file, s._line, s.id, s.reason AS found, r.cells FROM " + SetAside.TABLE + " s JOIN "
                + repairs + " r ON s.id = r.id WHERE r.cells IS NOT NULL");
        session.execute(
                "CREATE OR REPLACE TEMP TABLE " + REPAIRED + " AS SELECT c._file, c._line, c.id, c.found, c.cells"
                        + CheckedRows.values(columns.size()) + ", x.reason, false AS superseded FROM ("
                        + CheckedRows.select(TextCells.relation(CANDIDATES, schema), columns, reasons) + ") x JOIN "
                        + CANDIDATES + " c ON c._file = x._file AND c._line = x._line");
    }

    /** @param rows what stands in FROM, and a condition, for the rows {@code k} that are there already */
    static void supersedeByKey(Session session, String rows, Schema schema, List<Integer> key) {
        String names = String.join(
                ", ", key.stream().map(i -> schema.columns().get(i).name()).toList());
        session.execute("UPDATE " + REPAIRED + " SET superseded = true, reason = found || "
                + Sql.literal("; its repair is not taken: another row has the same " + names)
                + " WHERE reason IS NULL AND EXISTS (SELECT 1 FROM " + rows + " AND "
                + RowMatch.sameKey("k", REPAIRED, key) + ")");
    }

    /** @param condition on {@link #REPAIRED} as {@code r} */
    static void supersede(Session session, String condition) {
        session.execute(
                "UPDATE " + REPAIRED + " AS t SET superseded = true, reason = t.found || '; its repair is not taken:"
                        + " the source has the repaired row itself' FROM (SELECT r._file, r._line FROM " + REPAIRED
                        + " r WHERE r.reason IS NULL AND (" + condition + ")) r WHERE" + SAME_PLACE);
    }

    /** How many rows {@code k} equal the repaired row {@code r}. */
    static String countEqual(String rows, List<Integer> columns) {
        return "(SELECT count(*) FROM " + rows + " AND " + RowMatch.equal("k", "r", columns) + ")";
    }

    private void supersedeEqual() {
        List<Integer> all = IntStream.range(0, schema.columns().size()).boxed().toList();
        List<Integer> shared = RowMatch.shared(schema, previous.schema());
        String before = RowMatch.typed(previous, schema, shared);
        String known = repairs.setAside()
                .map(file -> " OR r.id IN (SELECT id FROM read_parquet(" + Sql.globLiteral(file) + "))")
                .orElse("");
        String rank = "(SELECT count(*) FROM " + REPAIRED + " k WHERE k.reason IS NULL AND (k._file, k._line) <="
                + " (r._file, r._line) AND " + RowMatch.equal("k", "r", all) + ")";
        String present = "(r.id IN (SELECT " + ReservedColumns.ROW_ID + " FROM " + before + ")" + known + ")";
        supersede(
                session,
                countEqual(Ingestion.CHECKED + " k WHERE k.reason IS NULL", all) + " + CASE WHEN " + present + " THEN "
                        + rank + " ELSE 0 END > " + countEqual(before + " k WHERE true", shared));
    }

    private void replace() {
        for (String table : List.of(Ingestion.CHECKED, Staged.REJECTED, Ingestion.REPEATED)) {
            session.execute(
                    "DELETE FROM " + table + " t USING " + REPAIRED + " r WHERE NOT r.superseded AND" + SAME_PLACE);
        }
        session.execute("INSERT INTO " + Ingestion.CHECKED + " SELECT _file, _line, id"
                + CheckedRows.values(schema.columns().size()) + ", reason FROM " + REPAIRED + " WHERE NOT superseded");
        for (String table : List.of(Ingestion.CHECKED, Staged.REJECTED)) {
            session.execute("UPDATE " + table + " AS t SET reason = r.reason FROM " + REPAIRED
                    + " r WHERE r.superseded AND" + SAME_PLACE);
        }
        settle(session);
    }

    /** Takes the rows out of {@link SetAside} that are taken, and says of the others what is wrong now. */
    static void settle(Session session) {
        session.execute("DELETE FROM " + SetAside.TABLE + " t USING " + REPAIRED + " r WHERE r.reason IS NULL AND"
                + SAME_PLACE);
        session.execute("UPDATE " + SetAside.TABLE + " AS t SET reason = r.reason, cells = CASE WHEN r.superseded THEN"
                + " t.cells ELSE r.cells END FROM " + REPAIRED + " r WHERE" + SAME_PLACE);
    }
}
