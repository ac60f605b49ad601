package dev.millwright.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Views whose rows are groups: what was sold in a shop on a day. */
class GroupViewTest {
    private static final Schema SALES = Schema.of(
            new Column("shop", ColumnType.VARCHAR),
            new Column("at", ColumnType.TIMESTAMP),
            new Column("price", ColumnType.DOUBLE));

    private static final String DAILY = """
            SELECT shop, FLOOR(at TO DAY) AS day, COUNT(*) AS sold, SUM(price) AS turnover
            FROM sales GROUP BY shop, FLOOR(at TO DAY)""";

    private static FeaturePlan plan(String sql, String label) {
        return FeaturePlanner.plan(
                new FeatureQuery(
                        sql,
                        new Problem.Position("shops.yaml", 5, 1),
                        ZoneId.of("Europe/Berlin"),
                        Optional.of("shop"),
                        Optional.of("day"),
                        Optional.of(new LabelExpression(label, new Problem.Position("shops.yaml", 20, 8)))),
                Map.of("sales", SALES));
    }

    private static List<Map<String, @Nullable Object>> rows(FeaturePlan plan) throws SQLException {
        List<Map<String, @Nullable Object>> sales = new ArrayList<>();
        sale(sales, "A", "2024-03-30T22:59:00Z", 1.0); // the 30th in Berlin
        sale(sales, "A", "2024-03-30T23:00:00Z", 2.0);
        sale(sales, "B", "2024-03-31T10:00:00Z", 4.0);
        sale(sales, "A", "2024-03-31T21:59:00Z", 8.0); // still the 31st: that day had 23 hours
        sale(sales, null, "2024-03-31T12:00:00Z", 16.0);
        sale(sales, "A", "2024-03-31T22:00:00Z", 32.0);
        try (DuckDb duck = new DuckDb()) {
            duck.table("sales", SALES, sales);
            return duck.rows(plan);
        }
    }

    private static void sale(
            List<Map<String, @Nullable Object>> sales, @Nullable String shop, String at, double price) {
        Map<String, @Nullable Object> sale = new HashMap<>();
        sale.put("shop", shop);
        sale.put("at", Instant.parse(at));
        sale.put("price", price);
        sales.add(sale);
    }

    private static List<List<@Nullable Object>> table(List<Map<String, @Nullable Object>> rows) {
        return rows.stream()
                .<List<@Nullable Object>>map(row -> new ArrayList<>(row.values()))
                .toList();
    }

    @Test
    void aGroupHasTheSmallestRowIdOfItsRows_andALabelOfAllOfThem() throws SQLException {
        FeaturePlan plan = plan(DAILY, "MAX(price) > 7");
        assertThat(plan.baseTable()).isEqualTo("sales");
        assertThat(plan.labelType()).contains(ColumnType.BOOLEAN);
        List<@Nullable Object> nobody = new ArrayList<>();
        nobody.add(null);
        nobody.addAll(List.of(Instant.parse("2024-03-30T23:00:00Z"), 1L, 16.0, 4L, true));
        assertThat(table(rows(plan)))
                .containsExactly(
                        List.of("A", Instant.parse("2024-03-29T23:00:00Z"), 1L, 1.0, 0L, false),
                        List.of("A", Instant.parse("2024-03-30T23:00:00Z"), 2L, 10.0, 1L, true),
                        List.of("B", Instant.parse("2024-03-30T23:00:00Z"), 1L, 4.0, 2L, false),
                        nobody,
                        List.of("A", Instant.parse("2024-03-31T22:00:00Z"), 1L, 32.0, 5L, true));
    }

    @Test
    void windowsLookBackOnEarlierGroups() throws SQLException {
        FeaturePlan plan = plan(
                "SELECT shop, day, LAG(turnover) OVER (PARTITION BY shop ORDER BY day) AS yesterday, ROW_NUMBER() OVER (PARTITION BY shop ORDER BY day) AS number FROM ("
                        + DAILY + ") daily",
                "turnover");
        assertThat(rows(plan)).extracting(row -> row.get("yesterday")).containsExactly(null, 1.0, null, null, 10.0);
        assertThat(rows(plan)).extracting(row -> row.get("_label")).containsExactly(1.0, 10.0, 4.0, 16.0, 32.0);
        assertThat(plan.lineage())
                .filteredOn(column -> column.output().equals("yesterday"))
                .flatExtracting(ColumnLineage::origins)
                .contains(new Origin("sales", "price", Via.WINDOW, List.of("turnover")));
    }

    @Test
    void theLabelIsOfTheGroup() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> plan(DAILY, "price > 3"))
                .withMessageContaining(
                        "shops.yaml:20:8: price: not in GROUP BY (expected: a grouped column, or an aggregate of it)");
        assertThat(plan(DAILY, "turnover / sold").labelType()).contains(ColumnType.DOUBLE);
    }

    @Test
    void oneEventIsNoGroup() {
        assertThatExceptionOfType(MillwrightException.class)
                .isThrownBy(() -> plan(DAILY, "MAX(price) > 7").onlineView())
                .withMessage(
                        "sql: rows that are groups of rows (expected: a view that can be computed for one event). Send the group's features, not an event.")
                .satisfies(thrown -> assertThat(thrown.code()).isEqualTo(PlanError.NOT_ONLINE));
    }
}
