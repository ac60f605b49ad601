package dev.millwright.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewTextTest {
    private static final Map<String, Schema> TABLES = Map.of(
            "payments",
            new Schema(List.of(
                    new Column("card", ColumnType.VARCHAR),
                    new Column("at", ColumnType.TIMESTAMP),
                    new Column("timestamp", ColumnType.TIMESTAMP),
                    new Column("amount", ColumnType.DOUBLE))),
            "cards",
            new Schema(List.of(new Column("card", ColumnType.VARCHAR), new Column("credit", ColumnType.DOUBLE))));

    private static FeaturePlan plan(String sql) {
        return FeaturePlanner.plan(
                new FeatureQuery(
                        sql,
                        new Problem.Position("view", 1, 1),
                        ZoneOffset.UTC,
                        Optional.empty(),
                        Optional.of("at"),
                        Optional.empty()),
                TABLES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT at, amount FROM payments",
                "select p.at, (p.amount + 1) * 2 AS more from payments as p",
                "SELECT\n  -- FROM here on, comments\n  p.at,\n  p.amount\nFROM payments p WHERE p.amount > 1",
                "SELECT p.at, EXTRACT(HOUR FROM timestamp) AS hour, amount\nFROM payments p",
                "WITH rich AS (SELECT card AS holder, credit FROM cards)\r\nSELECT p.at, p.amount, r.credit FROM payments p LEFT JOIN rich r ON (p.card = r.holder)",
                "SELECT at, SUM(amount) OVER w AS week FROM payments p WINDOW w AS (PARTITION BY card ORDER BY at RANGE BETWEEN INTERVAL '7' DAY PRECEDING AND CURRENT ROW)",
                "SELECT p.at, c.credit FROM payments p LEFT JOIN cards c ON p.card = c.card",
            })
    void addsColumnsAndLookUps_toWhateverIsWritten(String sql) {
        ViewText view = ViewText.of(sql).orElseThrow();
        List<String> before = plan(sql).output().names();
        String more = view.with(
                List.of("extra AS (SELECT card AS extra_key, credit AS extra_credit FROM cards)"),
                List.of("extra.extra_credit AS extra_credit"),
                List.of("LEFT JOIN extra ON " + view.alias() + ".card = extra.extra_key"));
        assertThat(plan(more).output().names())
                .startsWith("extra_credit")
                .hasSize(before.size() + 1)
                .containsAll(before);
        assertThat(view.table()).contains("payments");
        assertThat(view.isClosed()).isFalse();
    }

    @Test
    void knowsWhichOutputsAreColumns() {
        ViewText view = ViewText.of("SELECT p.at, p.timestamp AS paid, amount * 2 AS twice FROM payments p")
                .orElseThrow();
        assertThat(view.column("AT")).contains("p.at");
        assertThat(view.column("paid")).contains("p.timestamp");
        assertThat(view.column("twice")).isEmpty();
        assertThat(view.column("amount")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM payments",
                "SELECT p.* FROM payments p",
                "SELECT at, COUNT(*) AS n FROM payments GROUP BY at"
            })
    void saysWhereNothingCanBeAdded(String sql) {
        assertThat(ViewText.of(sql).orElseThrow().isClosed()).isTrue();
    }

    @Test
    void aSubqueryOrCteIsNoTable() {
        assertThat(ViewText.of("SELECT x.at FROM (SELECT at FROM payments) x")
                        .orElseThrow()
                        .table())
                .isEmpty();
        assertThat(ViewText.of("WITH payments AS (SELECT at FROM cards) SELECT at FROM Payments")
                        .orElseThrow()
                        .table())
                .isEmpty();
    }

    @Test
    void addsNothingWhereNothingIsToBeAdded() {
        String sql = "SELECT at, amount FROM payments";
        assertThat(ViewText.of(sql).orElseThrow().with(List.of(), List.of(), List.of()))
                .isEqualTo(sql);
    }
}
