package dev.millwright.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import dev.millwright.plan.FeaturePlan;
import dev.millwright.plan.FeaturePlanner;
import dev.millwright.plan.FeatureQuery;
import dev.millwright.plan.StagedQuery;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows computed here are those that DuckDB computes. */
class WindowRowsTest {
    private static final Schema EVENTS = Schema.of(
            new Column("who", ColumnType.VARCHAR),
            new Column("place", ColumnType.BIGINT),
            new Column("share", ColumnType.DOUBLE),
            new Column("at", ColumnType.TIMESTAMP),
            new Column("amount", ColumnType.DOUBLE),
            new Column("items", ColumnType.BIGINT),
            new Column("paid", ColumnType.BOOLEAN));

    private static final List<String> FUNCTIONS = List.of(
            "COUNT(*)",
            "COUNT(amount)",
            "SUM(amount)",
            "AVG(amount)",
            "MIN(amount)",
            "MAX(amount)",
            "STDDEV_SAMP(amount)",
            "STDDEV_POP(amount)",
            "VAR_SAMP(amount)",
            "VAR_POP(items)",
            "COUNT_IF(paid)",
            "SUM(amount) FILTER (WHERE paid)",
            "FIRST_VALUE(amount) IGNORE NULLS",
            "LAST_VALUE(who) IGNORE NULLS",
            "LAST_VALUE(paid) IGNORE NULLS",
            "SUM(items)",
            "AVG(items)",
            "MIN(items)",
            "MAX(who)",
            "MIN(who)",
            "MAX(paid)",
            "MIN(at)",
            "SUM(CASE WHEN paid THEN amount * 2 END)");

    private static final List<String> FRAMES = List.of(
            "RANGE BETWEEN INTERVAL '2' HOUR PRECEDING AND CURRENT ROW",
            "RANGE BETWEEN INTERVAL '6' HOUR PRECEDING AND INTERVAL '1' HOUR PRECEDING",
            "RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND INTERVAL '1' HOUR PRECEDING",
            "RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '30' MINUTE PRECEDING",
            "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
            "ROWS BETWEEN 3 PRECEDING AND CURRENT ROW",
            "ROWS BETWEEN 5 PRECEDING AND 2 PRECEDING",
            "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING");

    @TempDir
    Path folder;

    private DuckDb duck;
    private Session session;

    @BeforeEach
    void open() {
        duck = new DuckDb(new DuckDb.Settings(500, 2, folder.resolve("temporary")));
        session = duck.session();
    }

    @AfterEach
    void close() {
        session.close();
        duck.close();
    }

    /** Events of five hours, many at the same time; everything may be missing. */
    private String events(int seed, int rows) {
        String chance = "hash(i, " + seed + ", '%s') %% %d";
        String table = folder.resolve("events-" + seed + ".parquet").toString();
        session.execute("COPY (SELECT "
                + "CASE WHEN " + chance.formatted("w", 11) + " > 0 THEN chr(CAST(97 + " + chance.formatted("v", 4)
                + " AS INTEGER)) || 'é' END AS who, "
                + "CASE WHEN " + chance.formatted("p", 7) + " > 0 THEN CAST(" + chance.formatted("q", 3)
                + " AS BIGINT) END AS place, "
                + "CASE " + chance.formatted("s", 4)
                + " WHEN 0 THEN 0.0 WHEN 1 THEN -0.0 WHEN 2 THEN 0.5 END AS share, "
                + "CASE WHEN " + chance.formatted("t", 30) + " > 0 THEN TIMESTAMP '2026-01-01' + to_minutes(CAST(15 * ("
                + chance.formatted("u", 40) + ") AS BIGINT)) END AS at, "
                + "CASE WHEN " + chance.formatted("a", 6) + " > 0 THEN (CAST(" + chance.formatted("b", 2000)
                + " AS DOUBLE) - 1000) / 7 END AS amount, "
                + "CASE WHEN " + chance.formatted("c", 6) + " > 0 THEN CAST(" + chance.formatted("d", 100)
                + " AS BIGINT) - 50 END AS items, "
                + "CASE WHEN " + chance.formatted("e", 6) + " > 0 THEN " + chance.formatted("f", 2)
                + " = 0 END AS paid, i AS _row_id FROM range(" + rows + ") t(i)) TO '" + table + "'");
        return "read_parquet('" + table + "')";
    }

    private static FeaturePlan plan(String sql) {
        return FeaturePlanner.plan(
                new FeatureQuery(
                        sql,
                        new Problem.Position("windows.yaml", 1, 1),
                        ZoneOffset.UTC,
                        Optional.empty(),
                        Optional.of("at"),
                        Optional.empty()),
                Map.of("events", EVENTS));
    }

    private List<List<@Nullable Object>> rows(String sql) {
        return session.query("SELECT * FROM (" + sql + ") ORDER BY _row_id", row -> {
            List<@Nullable Object> values = new ArrayList<>();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                values.add(row.getObject(i));
            }
            return values;
        });
    }

    private List<List<@Nullable Object>> staged(FeaturePlan plan, String table) {
        StagedQuery query = plan.stagedQuery(_ -> table);
        assertThat(query.sql()).doesNotContain(" OVER ");
        try (WindowRows.Reading reading = duck.read(session, query)) {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            reading.run(() -> rows.addAll(rows(query.sql())));
            return rows;
        }
    }

    private void compare(String sql, String table) {
        FeaturePlan plan = plan(sql);
        List<List<@Nullable Object>> expected = rows(plan.duckDbSql(_ -> table));
        List<List<@Nullable Object>> actual = staged(plan, table);
        assertThat(actual).hasSameSizeAs(expected);
        for (int row = 0; row < expected.size(); row++) {
            for (int column = 0; column < expected.get(row).size(); column++) {
                assertThat(same(expected.get(row).get(column), actual.get(row).get(column)))
                        .as(
                                "row %s, column %s: DuckDB %s, here %s",
                                row,
                                column,
                                expected.get(row).get(column),
                                actual.get(row).get(column))
                        .isTrue();
            }
        }
    }

    /** The values lie within ±143: so do their sums, over at most a few hundred of them. */
    private static boolean same(@Nullable Object expected, @Nullable Object actual) {
        if (expected instanceof Double a && actual instanceof Double b) {
            return Math.abs(a - b) <= 1e-9 * 143;
        }
        return Objects.equals(expected, actual);
    }

    private static String every(String partition) {
        List<String> columns = new ArrayList<>();
        for (int frame = 0; frame < FRAMES.size(); frame++) {
            for (String function : FUNCTIONS) {
                if (function.contains("_VALUE") && FRAMES.get(frame).contains("CURRENT ROW")) {
                    continue; // which of the rows of one time is the last is not known until all have come
                }
                columns.add(function + " OVER (" + partition + " ORDER BY at " + FRAMES.get(frame) + ") AS c"
                        + columns.size());
            }
        }
        // A timestamp is no feature: say how long ago it was.
        return "SELECT who, place, share, paid, at, "
                + String.join(", ", columns)
                        .replaceAll("MIN\\(at\\) (OVER \\([^)]*\\))", "TIMESTAMPDIFF(SECOND, MIN(at) $1, at)")
                + " FROM events";
    }

    @ParameterizedTest
    @ValueSource(strings = {"PARTITION BY who", "PARTITION BY place, share", "", "PARTITION BY paid, who || who"})
    void everyFunctionOverEveryFrame(String partition) {
        compare(every(partition), events(1, 400));
    }

    @Test
    void partitionsLongerThanABlock_andOfOneRow() {
        compare(every("PARTITION BY place"), events(2, 9000));
        compare(every("PARTITION BY who"), events(3, 1));
    }

    @Test
    void severalSortOrders_andWindowsOfWindows() {
        compare("""
                SELECT at, COUNT(*) OVER (PARTITION BY who ORDER BY at RANGE INTERVAL '1' HOUR PRECEDING) AS mine,
                       MAX(n) OVER (PARTITION BY place ORDER BY at RANGE INTERVAL '3' HOUR PRECEDING) AS busiest, before
                FROM (SELECT at, who, place, before,
                             COUNT(*) OVER (PARTITION BY place ORDER BY at RANGE INTERVAL '1' HOUR PRECEDING) AS n
                      FROM (SELECT *, SUM(items) OVER (ORDER BY at ROWS BETWEEN 9 PRECEDING AND 1 PRECEDING) AS before
                            FROM events) e
                      WHERE amount > -100) counted
                """, events(4, 3000));
    }

    @Test
    void aSumThatDoesNotFitIsMissing() {
        String sql =
                "SELECT at, SUM(CASE WHEN items = 7 THEN 9223372036854775807 ELSE items END) OVER (ORDER BY at RANGE INTERVAL '1' HOUR PRECEDING) AS s,"
                        + " SUM(CASE WHEN items = 7 THEN 1e300 ELSE amount END) OVER (ORDER BY at RANGE INTERVAL '1' HOUR PRECEDING) AS x,"
                        + " VAR_POP(CASE WHEN items = 7 THEN 1e150 ELSE amount END) OVER (ORDER BY at RANGE INTERVAL '1' HOUR PRECEDING) AS v"
                        + " FROM events WHERE items > 0";
        compare(sql, events(5, 300));
        assertThat(staged(plan(sql), events(5, 300)))
                .anyMatch(row -> row.get(1) == null)
                .anyMatch(row -> row.get(1) != null)
                .anyMatch(row -> row.get(2) == null)
                .anyMatch(row -> row.get(2) != null)
                .anyMatch(row -> row.get(3) == null)
                .anyMatch(row -> row.get(3) != null);
    }

    @Test
    void theRowBefore_andHowManyThereAre() {
        compare("""
                SELECT at, LAG(amount) OVER (PARTITION BY who ORDER BY at) AS previous, LAG(who, 7) OVER (ORDER BY at) AS seventh,
                       ROW_NUMBER() OVER (PARTITION BY place ORDER BY at) AS number
                FROM events
                """, events(7, 900));
    }

    @Test
    void aReadingThatIsLeftEarlyLeavesNoThreadBehind() {
        String table = events(6, 200_000);
        StagedQuery query =
                plan("SELECT at, COUNT(*) OVER (ORDER BY at ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING) AS n FROM events")
                        .stagedQuery(_ -> table);
        try (WindowRows.Reading _ = duck.read(session, query)) {
            assertThat(session.query("SELECT * FROM (" + query.sql() + ") LIMIT 1", row -> row.getLong(2)))
                    .hasSize(1);
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("window-rows"));
    }
}
