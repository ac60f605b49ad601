package dev.millwright.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.KnownAfter;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Payments, with what was last known of the card and of the shop. */
class JoinedViewsTest {
    private static final Schema PAYMENTS = Schema.of(
            new Column("card", ColumnType.VARCHAR),
            new Column("shop", ColumnType.VARCHAR),
            new Column("at", ColumnType.TIMESTAMP),
            new Column("amount", ColumnType.DOUBLE),
            new Column("fraud", ColumnType.BOOLEAN));
    private static final Schema CARDS = Schema.of(
            new Column("card", ColumnType.VARCHAR),
            new Column("changed", ColumnType.TIMESTAMP),
            new Column("credit", ColumnType.DOUBLE));
    private static final List<TableShape> TABLES = List.of(
            new TableShape(
                    "payments", PAYMENTS, Optional.of("at"), Map.of("fraud", new KnownAfter.After(Duration.ofDays(2)))),
            TableShape.of("cards", CARDS));

    private static final JoinedView CREDIT = view(
            "credit",
            "SELECT card, changed, credit FROM cards WHERE credit > 0",
            20,
            "changed",
            Optional.of(Duration.ofDays(10)),
            "card");
    private static final JoinedView SHOP_DAYS = view(
            "shop_days",
            "SELECT shop, FLOOR(at TO DAY) + INTERVAL '3' DAY AS known, AVG(CASE WHEN fraud THEN 1 ELSE 0 END) AS frauds, COUNT(*) AS payments FROM payments GROUP BY shop, FLOOR(at TO DAY) + INTERVAL '3' DAY",
            30,
            "known",
            Optional.empty(),
            "shop");

    private static JoinedView view(
            String name, String sql, int line, String timestamp, Optional<Duration> ttl, String... entity) {
        return new JoinedView(name, sql, new Problem.Position("p.yaml", line, 5), List.of(entity), timestamp, ttl);
    }

    private static FeatureQuery query(String sql, List<String> keys, JoinedView... views) {
        return new FeatureQuery(
                sql,
                new Problem.Position("p.yaml", 10, 5),
                ZoneOffset.UTC,
                Optional.of("card"),
                Optional.of("at"),
                Optional.of(new LabelExpression("fraud", new Problem.Position("p.yaml", 90, 8))),
                keys,
                List.of(views));
    }

    private static FeaturePlan plan(JoinedView... views) {
        return FeaturePlanner.plan(
                query("SELECT card, shop, at, amount FROM payments WHERE amount > 1", List.of("shop"), views), TABLES);
    }

    private static List<String> problems(FeatureQuery query) {
        InvalidInputException thrown =
                catchThrowableOfType(InvalidInputException.class, () -> FeaturePlanner.plan(query, TABLES));
        assertThat(thrown).isNotNull();
        return thrown.problems().stream().map(Problem::toString).toList();
    }

    private final List<Map<String, @Nullable Object>> payments = new ArrayList<>();
    private final List<Map<String, @Nullable Object>> cards = new ArrayList<>();

    private void fill() {
        Random random = new Random(4);
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < 120; i++) {
            Map<String, @Nullable Object> payment = new HashMap<>();
            payment.put("card", random.nextInt(15) == 0 ? null : "c" + random.nextInt(4));
            payment.put("shop", "s" + random.nextInt(3));
            payment.put("at", random.nextInt(30) == 0 ? null : start.plus(Duration.ofHours(random.nextInt(24 * 40))));
            payment.put("amount", (double) random.nextInt(20));
            payment.put("fraud", random.nextInt(4) == 0);
            payments.add(payment);
        }
        for (int i = 0; i < 25; i++) {
            Map<String, @Nullable Object> card = new HashMap<>();
            card.put("card", "c" + random.nextInt(4));
            card.put("changed", start.plus(Duration.ofHours(random.nextInt(20) * 48L)));
            card.put("credit", (double) (random.nextInt(5) - 1));
            cards.add(card);
        }
    }

    private @Nullable Object credit(Map<String, @Nullable Object> row) {
        Instant at = (Instant) row.get("at");
        if (at == null) {
            return null;
        }
        return cards.stream()
                .filter(card -> credited(card) > 0 && Objects.equals(card.get("card"), row.get("card")))
                .filter(card -> !changed(card).isAfter(at))
                .max(Comparator.comparing(JoinedViewsTest::changed))
                .filter(card -> !changed(card).isBefore(at.minus(Duration.ofDays(10))))
                .map(JoinedViewsTest::credited)
                .orElse(null);
    }

    private static Instant changed(Map<String, @Nullable Object> card) {
        return (Instant) Objects.requireNonNull(card.get("changed"));
    }

    private static double credited(Map<String, @Nullable Object> card) {
        return (Double) Objects.requireNonNull(card.get("credit"));
    }

    @Test
    void eachRowHasTheLatestOfEachView_thatIsNotAfterIt_asLongAsThatCounts() throws Exception {
        fill();
        cards.sort(Comparator.comparing(JoinedViewsTest::changed)); // of equal times the last counts
        FeaturePlan plan = plan(CREDIT, SHOP_DAYS);
        try (DuckDb duck = new DuckDb()) {
            duck.table("payments", PAYMENTS, payments);
            duck.table("cards", CARDS, cards);
            List<Map<String, @Nullable Object>> rows = duck.rows(plan);

            assertThat(plan.features().stream().map(Input::name))
                    .containsExactly("amount", "credit", "frauds", "payments");
            assertThat(plan.output().names())
                    .containsExactly("card", "shop", "at", "amount", "credit", "frauds", "payments");
            assertThat(rows).hasSizeBetween(90, 119);
            assertThat(rows).allSatisfy(row -> assertThat(lastOf(row)).isEqualTo(row.get("credit")));
            assertThat(rows).extracting(row -> row.get("credit")).contains(null, 1.0, 2.0);
            assertThat(rows).extracting(row -> row.get("payments")).contains(null, 1L, 2L);
            assertThat(rows).extracting(row -> row.get("_pending")).contains(true, false);
            Replay.againstAllOthers(
                    plan.onlineView(), Map.of("cards", cards, "payments", payments), payments, withoutTime(rows));
        }
    }

    private static final JoinedView HABITS = view("habits", """
            SELECT card, at,
                   COUNT(*) OVER week AS week_count, AVG(amount) OVER week AS week_mean,
                   MAX(shop) OVER (PARTITION BY card ORDER BY at ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING) AS last_shop,
                   MAX(fraud) OVER (PARTITION BY card ORDER BY at RANGE BETWEEN INTERVAL '9' DAY PRECEDING AND INTERVAL '2' DAY PRECEDING) AS bad,
                   SUM(fine) OVER (ORDER BY at) AS all_fine
            FROM (SELECT *, CASE WHEN amount > 3 THEN 1 ELSE 0 END AS fine FROM payments)
            WINDOW week AS (PARTITION BY card ORDER BY at RANGE BETWEEN INTERVAL '7' DAY PRECEDING AND CURRENT ROW)""", 20, "at", Optional.of(Duration.ofDays(20)), "card");

    @Test
    void windowsOfAViewThatIsLookedUpAreTheSameForEvents() throws Exception {
        fill();
        FeaturePlan plan = plan(HABITS);
        try (DuckDb duck = new DuckDb()) {
            duck.table("payments", PAYMENTS, payments);
            List<Map<String, @Nullable Object>> rows = duck.rows(plan);

            assertThat(rows).extracting(row -> row.get("week_count")).contains(null, 1L, 2L, 3L);
            Replay.againstAllOthers(plan.onlineView(), Map.of("payments", payments), payments, withoutTime(rows));
        }
    }

    private @Nullable Object lastOf(Map<String, @Nullable Object> row) {
        List<Map<String, @Nullable Object>> all = List.copyOf(cards);
        List<Map<String, @Nullable Object>> reversed = new ArrayList<>(all).reversed();
        cards.clear();
        cards.addAll(reversed);
        Object credit = credit(row);
        cards.clear();
        cards.addAll(all);
        return credit;
    }

    private static List<Map<String, @Nullable Object>> withoutTime(List<Map<String, @Nullable Object>> rows) {
        rows.forEach(row -> row.keySet().removeAll(List.of("_pending", "_label_time")));
        return rows;
    }

    @Test
    void tracesColumnsThroughTheJoin() {
        Map<String, List<Origin>> lineage = new HashMap<>();
        plan(CREDIT).lineage().forEach(column -> lineage.put(column.output(), column.origins()));

        assertThat(lineage.get("credit"))
                .contains(
                        new Origin("cards", "credit", Via.LOOKUP, List.of()),
                        new Origin("payments", "card", Via.ROW, List.of()),
                        new Origin("payments", "at", Via.ROW, List.of()));
        assertThat(lineage.get("_label")).containsExactly(new Origin("payments", "fraud", Via.ROW, List.of()));
        assertThat(plan(CREDIT).labelOnly().orElseThrow().tables()).containsExactly("payments");
    }

    @Test
    void aFirstViewOfKeysAlone_hasTheFeaturesOfTheOthers() {
        assertThat(FeaturePlanner.plan(query("SELECT card, at FROM payments", List.of(), CREDIT), TABLES)
                        .features())
                .extracting(Input::name)
                .containsExactly("credit");
    }

    @Test
    void reportsTheMistakesOfAllViews_eachAtItsPlace() {
        FeatureQuery query = query(
                "SELECT card, at, amout FROM payments",
                List.of(),
                view("a", "SELECT card, changed, credt FROM cards", 20, "changd", Optional.empty(), "card"),
                view(
                        "b",
                        "SELECT shop, at, COUNT(*) AS n FROM payments GROUP BY shop, at, card",
                        30,
                        "at",
                        Optional.empty(),
                        "shop"));

        assertThat(problems(query))
                .containsExactly(
                        "p.yaml:10:22: amout: unknown column (expected: one that FROM has). Did you mean 'amount'?",
                        "p.yaml:20:5: timestamp: changd (expected: a column of the view). Did you mean 'changed'?",
                        "p.yaml:20:18: changed: a timestamp as a feature (expected: a number, text or a condition). Use EXTRACT or TIMESTAMPDIFF, or name it as the view's timestamp.",
                        "p.yaml:20:27: credt: unknown column (expected: one that FROM has). Did you mean 'credit'?",
                        "p.yaml:30:5: sql: several rows of one entity and time (expected: GROUP BY the columns of entity and timestamp, and no others)");
    }

    @Test
    void refusesViewsThatDoNotFitTheFirst() {
        FeatureQuery query = query(
                "SELECT card, at, amount FROM payments",
                List.of(),
                SHOP_DAYS,
                view(
                        "a",
                        "SELECT changed, credit AS card, credit AS amount FROM cards",
                        40,
                        "changed",
                        Optional.empty(),
                        "card"));

        assertThat(problems(query))
                .containsExactly(
                        "p.yaml:30:5: entity: shop of view shop_days (expected: a column of the first view, too; name it under 'entity' there where it is no feature). Known: amount, at, card.",
                        "p.yaml:40:21: card: double (expected: varchar, as in the first view)",
                        "p.yaml:40:37: amount: in the first view, too (expected: different names). Write AS and another name.");
    }

    @Test
    void aViewMayKnowWhatIsKnownAtItsOwnTime_andNoMore() {
        String sql = SHOP_DAYS.sql().replace("'3' DAY", "'1' DAY");
        assertThat(problems(query(
                        "SELECT card, shop, at, amount FROM payments",
                        List.of(),
                        view("shop_days", sql, 30, "known", Optional.empty(), "shop"))))
                .containsExactly(
                        "p.yaml:30:149: GROUP BY: puts together fraud of rows that aren't known at known yet, for it is known only 2 days after at (expected: known + INTERVAL '2' DAY as the view's timestamp)");
        assertThat(problems(query(
                        "SELECT card, at, amount FROM payments",
                        List.of(),
                        view(
                                "last",
                                "SELECT card, at, fraud AS last_fraud FROM payments",
                                30,
                                "at",
                                Optional.empty(),
                                "card"))))
                .singleElement()
                .asString()
                .startsWith(
                        "p.yaml:30:22: last_fraud: computed from the row's own fraud, which is known only 2 days after at");
    }
}
