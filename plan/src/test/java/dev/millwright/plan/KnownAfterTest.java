package dev.millwright.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Views are refused where they see what isn't known yet, and only there: changing all of that changes no feature of the others. */
@Execution(ExecutionMode.SAME_THREAD) // they share tables
class KnownAfterTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int PAYMENTS = 80;

    /** The payment that is predicted; at four in the morning, when risks of the day aren't known yet. */
    private static final long NOW = 68;

    private static DuckDb duck;

    @BeforeAll
    static void open() throws Exception {
        duck = new DuckDb();
        fill(new Random(3));
    }

    @AfterAll
    static void close() throws Exception {
        duck.close();
    }

    private static List<String> problems(FeatureQuery query) {
        InvalidInputException thrown = catchThrowableOfType(
                InvalidInputException.class, () -> FeaturePlanner.plan(query, KnownAfterViews.TABLES));
        assertThat(thrown).as("a problem in %s", query.sql()).isNotNull();
        return thrown.problems().stream().map(Problem::toString).toList();
    }

    @ParameterizedTest
    @MethodSource("dev.millwright.plan.KnownAfterViews#refused")
    void refusesWhatSeesTheFuture(KnownAfterViews.Refused view) throws Exception {
        assertThat(problems(KnownAfterViews.query(view.sql())))
                .singleElement()
                .asString()
                .contains(view.message());
        assertThat(changes(FeaturePlanner.plan(KnownAfterViews.unlabelled(view.sql()), unaware())))
                .as("what the future changes in %s", view.sql())
                .isNotEmpty();
    }

    private static List<TableShape> unaware() {
        return KnownAfterViews.TABLES.stream()
                .map(table -> TableShape.of(table.dataset(), table.schema()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("dev.millwright.plan.KnownAfterViews#taken")
    void takesWhatDoesNot(String sql) throws Exception {
        FeaturePlan plan = FeaturePlanner.plan(KnownAfterViews.query(sql), KnownAfterViews.TABLES);

        assertThat(changes(plan)).as("what the future changes in %s", sql).doesNotContainValue(Change.FEATURES);
    }

    @Test
    void anEventWithoutWhatIsKnownLaterGivesTheFeaturesOfTheWholeRow() throws Exception {
        FeaturePlan plan = FeaturePlanner.plan(KnownAfterViews.unlabelled("""
                SELECT p.card, p.at, p.amount, r.risk, g.grade,
                       SUM(CASE WHEN p.fraud THEN 1 ELSE 0 END) OVER (PARTITION BY p.card ORDER BY p.at
                           RANGE BETWEEN INTERVAL '14' DAY PRECEDING AND INTERVAL '7' DAY PRECEDING) AS frauds
                FROM payments p
                LEFT ASOF JOIN shops r MATCH_CONDITION p.at - INTERVAL '6' HOUR >= r.day ON p.shop = r.shop
                LEFT ASOF JOIN shops g MATCH_CONDITION p.at > g.graded_at ON p.shop = g.shop"""), KnownAfterViews.TABLES);
        OnlineState state =
                plan.onlineView().newState(Replay.cast(Map.of("shops", duck.query("SELECT * FROM all_shops"))));
        Map<Long, Map<String, @Nullable Object>> batch = new HashMap<>();
        duck.query("SELECT * FROM (" + plan.duckDbSql(table -> "all_" + table) + ")")
                .forEach(row -> batch.put((Long) row.get("_row_id"), row));
        for (Map<String, @Nullable Object> payment : duck.query("SELECT * FROM all_payments ORDER BY _row_id")) {
            Map<String, @Nullable Object> event = new HashMap<>(payment);
            event.keySet().removeAll(List.of("fraud", "disputed", "disputed_at"));
            Map<String, @Nullable Object> expected = Objects.requireNonNull(batch.get((Long) payment.get("_row_id")));
            Replay.assertEqual(expected, state.evaluate(Replay.cast(event)), column -> column, payment, 1e-9);
            state.observe(Replay.cast(payment));
        }
    }

    private enum Change {
        FEATURES,
        ROW_IS_NOT_THERE
    }

    /** What becomes of rows up to a moment when all that isn't known then is something else. */
    private static Map<Long, Change> changes(FeaturePlan plan) throws Exception {
        show("TIMESTAMP '2100-01-01'");
        Map<Long, Map<String, @Nullable Object>> after = features(plan);
        show("(SELECT \"at\" FROM all_payments WHERE _row_id = " + NOW + ")");
        Map<Long, Map<String, @Nullable Object>> before = features(plan);
        Map<Long, Change> changes = new TreeMap<>();
        for (long row = 0; row <= NOW; row++) {
            if (after.containsKey(row) != before.containsKey(row)) {
                changes.put(row, Change.ROW_IS_NOT_THERE);
            } else if (!Objects.equals(after.get(row), before.get(row))) {
                changes.put(row, Change.FEATURES);
            }
        }
        return changes;
    }

    private static Map<Long, Map<String, @Nullable Object>> features(FeaturePlan plan) throws Exception {
        Map<Long, Map<String, @Nullable Object>> features = new HashMap<>();
        for (Map<String, @Nullable Object> row : duck.rows(plan)) {
            row.keySet().removeAll(List.of(FeaturePlan.LABEL, FeaturePlan.LABEL_TIME, FeaturePlan.PENDING));
            features.put((Long) row.get("_row_id"), row);
        }
        return features;
    }

    private static void fill(Random random) throws Exception {
        List<Map<String, @Nullable Object>> payments = new ArrayList<>();
        for (int i = 0; i < PAYMENTS; i++) {
            Instant at = START.plusSeconds(11L * 3600 * i);
            Map<String, @Nullable Object> payment = new HashMap<>();
            payment.put("card", "c" + random.nextInt(2));
            payment.put("shop", "s" + random.nextInt(2));
            payment.put("at", at);
            payment.put("amount", 10.0 + random.nextInt(100));
            payment.put("fraud", random.nextInt(8) == 0);
            payment.put("disputed", random.nextInt(3) == 0 ? null : (Boolean) (random.nextInt(4) == 0));
            payment.put("disputed_at", random.nextInt(6) == 0 ? null : at.plusSeconds(random.nextInt(30 * 86_400)));
            payments.add(payment);
        }
        List<Map<String, @Nullable Object>> shops = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            Instant day = START.plusSeconds(86_400L * (i / 2));
            shops.add(Map.of(
                    "shop",
                    "s" + i % 2,
                    "day",
                    day,
                    "risk",
                    random.nextDouble(),
                    "grade",
                    random.nextDouble(),
                    "graded_at",
                    day.plusSeconds(random.nextInt(5 * 86_400))));
        }
        duck.table("all_payments", KnownAfterViews.TABLES.get(0).schema(), payments);
        duck.table("all_shops", KnownAfterViews.TABLES.get(1).schema(), shops);
        duck.table(
                "cards",
                KnownAfterViews.TABLES.get(2).schema(),
                List.of(Map.of("card", "c0", "kind", "gold"), Map.of("card", "c1", "kind", "blue")));
    }

    /** The tables at some moment: no later rows, and what isn't known yet turned into something else, which is as possible. */
    private static void show(String moment) throws Exception {
        String undisputed = "coalesce(disputed_at > " + moment + ", true)";
        duck.execute("CREATE OR REPLACE VIEW payments AS SELECT * REPLACE ("
                + "CASE WHEN \"at\" + INTERVAL 7 DAY > " + moment
                + " THEN CASE WHEN _row_id % 2 = 0 THEN NOT fraud END ELSE fraud END AS fraud, "
                + "CASE WHEN " + undisputed + " THEN disputed IS NULL ELSE disputed END AS disputed, "
                + "CASE WHEN " + undisputed + " THEN greatest(\"at\", " + moment
                + ") + INTERVAL 1 DAY * (1 + _row_id % 3) ELSE disputed_at END AS disputed_at) FROM all_payments WHERE \"at\" <= "
                + moment);
        duck.execute("CREATE OR REPLACE VIEW shops AS SELECT * REPLACE ("
                + "CASE WHEN day + INTERVAL 6 HOUR > " + moment + " THEN 1 - risk ELSE risk END AS risk, "
                + "CASE WHEN graded_at > " + moment + " THEN 1 - grade ELSE grade END AS grade, "
                + "CASE WHEN graded_at > " + moment + " THEN greatest(day, " + moment
                + ") + INTERVAL 1 HOUR ELSE graded_at END AS graded_at) FROM all_shops WHERE day <= " + moment);
    }
}
