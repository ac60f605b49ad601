package dev.millwright.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows and look-ups as in card fraud: both engines on the same random events, with ties, NULLs and events out of order. */
class WindowAgreementTest {
    private static final String FRAUD = """
            SELECT t.card_id, t.at, t.amount, EXTRACT(HOUR FROM t.at) AS hour,
                   CASE WHEN EXTRACT(DOW FROM t.at) IN (0, 6) THEN TRUE ELSE FALSE END AS weekend,
                   COUNT(*)      OVER card_1d  AS card_count_1d,
                   AVG(t.amount) OVER card_1d  AS card_mean_1d,
                   COUNT(*)      OVER card_7d  AS card_count_7d,
                   MAX(t.amount) OVER card_7d  AS card_max_7d,
                   t.amount / NULLIF(AVG(t.amount) OVER card_30d, 0) AS ratio_30d,
                   STDDEV_SAMP(t.amount) OVER card_30d AS card_spread_30d,
                   AVG(CASE WHEN t.fraud THEN 1.0 ELSE 0.0 END) OVER terminal_7d AS terminal_risk,
                   COUNT(*)      OVER terminal_7d AS terminal_count,
                   c.opened_at_branch, k.mean AS kind_mean, k.different, k.spread, k.dear
            FROM payments t
            LEFT JOIN cards c ON t.card_id = c.card_id
            LEFT JOIN (SELECT kind, AVG(price) AS mean, COUNT(DISTINCT price) AS different, VAR_POP(price) AS spread,
                              COUNT(*) FILTER (WHERE price > 30) AS dear FROM prices WHERE price > 0 GROUP BY kind) k ON k.kind = t.kind
            WHERE t.amount >= 0
            WINDOW card_1d AS (PARTITION BY t.card_id ORDER BY t.at RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND CURRENT ROW),
                   card_7d AS (PARTITION BY t.card_id ORDER BY t.at RANGE BETWEEN INTERVAL '7' DAY PRECEDING AND CURRENT ROW),
                   card_30d AS (PARTITION BY t.card_id ORDER BY t.at RANGE BETWEEN INTERVAL '30' DAY PRECEDING AND CURRENT ROW),
                   terminal_7d AS (PARTITION BY t.terminal_id, t.kind ORDER BY t.at
                                   RANGE BETWEEN INTERVAL '14' DAY PRECEDING AND INTERVAL '7' DAY PRECEDING)
            """;

    private static final String EVERY_FRAME = """
            SELECT at,
                   COUNT(amount) OVER (PARTITION BY card_id ORDER BY at) AS so_far,
                   SUM(items) OVER (PARTITION BY kind ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '1' HOUR PRECEDING) AS sum_before,
                   SUM(amount) OVER (PARTITION BY kind ORDER BY at RANGE INTERVAL '36' HOUR PRECEDING) AS sum_36h,
                   MAX(at > TIMESTAMP '2026-01-05 00:00:00') OVER (ORDER BY at RANGE BETWEEN INTERVAL '2' DAY PRECEDING AND INTERVAL '1' MINUTE PRECEDING) AS any_late,
                   STDDEV_SAMP(items) OVER (ORDER BY at RANGE BETWEEN INTERVAL '2' DAY PRECEDING AND CURRENT ROW) AS spread,
                   VAR_SAMP(amount) OVER two_days AS var_samp, VAR_POP(amount) OVER two_days AS var_pop,
                   STDDEV_POP(amount) OVER two_days AS stddev_pop,
                   COUNT_IF(fraud) OVER two_days AS frauds,
                   SUM(amount) FILTER (WHERE NOT fraud) OVER two_days AS honest,
                   COUNT(*) FILTER (WHERE kind = 'web') OVER two_days AS web
            FROM payments
            WINDOW two_days AS (PARTITION BY card_id ORDER BY at RANGE BETWEEN INTERVAL '2' DAY PRECEDING AND CURRENT ROW)
            """;

    private static final String PLACES = """
            SELECT at,
                   FIRST_VALUE(amount) IGNORE NULLS OVER before AS first_amount,
                   LAST_VALUE(amount) IGNORE NULLS OVER before AS last_amount,
                   FIRST_VALUE(kind) IGNORE NULLS OVER before AS first_kind,
                   LAST_VALUE(kind) IGNORE NULLS OVER before AS last_kind,
                   LAST_VALUE(items) IGNORE NULLS OVER (ORDER BY at RANGE BETWEEN INTERVAL '6' HOUR PRECEDING AND INTERVAL '2' HOUR PRECEDING) AS last_items,
                   TIMESTAMPDIFF(SECOND, LAST_VALUE(at) IGNORE NULLS OVER before, at) AS since
            FROM (SELECT * FROM payments)
            WINDOW before AS (PARTITION BY card_id ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '0.000001' SECOND PRECEDING)
            """;

    private static final String ROWS_FRAMES = """
            SELECT at,
                   MIN(kind) OVER (PARTITION BY card_id ORDER BY at ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING) AS min_kind,
                   SUM(items) OVER (PARTITION BY card_id ORDER BY at ROWS BETWEEN 4 PRECEDING AND 2 PRECEDING) AS sum_rows,
                   COUNT(*) OVER (PARTITION BY card_id ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS n_before,
                   AVG(items) OVER (PARTITION BY card_id ORDER BY at ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean_rows,
                   LAG(amount) OVER (PARTITION BY card_id ORDER BY at) AS previous,
                   LAG(kind, 3) OVER (PARTITION BY card_id ORDER BY at) AS third_last,
                   TIMESTAMPDIFF(SECOND, LAG(at) OVER (PARTITION BY card_id ORDER BY at), at) AS since,
                   ROW_NUMBER() OVER (PARTITION BY card_id, kind ORDER BY at) AS number,
                   FIRST_VALUE(amount) IGNORE NULLS OVER (PARTITION BY card_id ORDER BY at ROWS BETWEEN 5 PRECEDING AND 2 PRECEDING) AS first_amount,
                   LAST_VALUE(kind) IGNORE NULLS OVER (PARTITION BY card_id ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS last_kind
            FROM payments
            """;

    private static final Schema PAYMENTS = Schema.of(
            new Column("card_id", ColumnType.BIGINT),
            new Column("terminal_id", ColumnType.VARCHAR),
            new Column("kind", ColumnType.VARCHAR),
            new Column("at", ColumnType.TIMESTAMP),
            new Column("amount", ColumnType.DOUBLE),
            new Column("items", ColumnType.BIGINT),
            new Column("fraud", ColumnType.BOOLEAN));
    private static final Schema CARDS =
            Schema.of(new Column("card_id", ColumnType.DOUBLE), new Column("opened_at_branch", ColumnType.VARCHAR));
    private static final Schema PRICES =
            Schema.of(new Column("kind", ColumnType.VARCHAR), new Column("price", ColumnType.BIGINT));
    private static final Map<String, Schema> TABLES = Map.of("payments", PAYMENTS, "cards", CARDS, "prices", PRICES);

    private static FeaturePlan plan(String sql) {
        return FeaturePlanner.plan(
                new FeatureQuery(
                        sql,
                        new Problem.Position("fraud.yaml", 1, 1),
                        ZoneOffset.UTC,
                        Optional.empty(),
                        Optional.of("at"),
                        Optional.of(new LabelExpression("fraud", new Problem.Position("fraud.yaml", 90, 1)))),
                TABLES);
    }

    @Test
    void fraudFeaturesReplayedInTimeOrderEqualDuckDb() throws Exception {
        Random random = new Random(1);
        List<Map<String, @Nullable Object>> payments = payments(random, 600, 86_400 * 40);
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < payments.size(); i++) {
            payments.get(i).put("at", start.plusSeconds(5000L * i + random.nextInt(5000)));
        }
        OnlineView view = plan(FRAUD).onlineView();
        assertThat(view.windows()).as("windows over one key share their events").hasSize(2);
        compare(FRAUD, payments, (expected, lookups) -> Replay.inTimeOrder(view, lookups, payments, expected, "at"));
    }

    @ParameterizedTest
    @ValueSource(ints = {21, 22, 23})
    void framesOfRowsReplayedInOrderEqualDuckDb_withTies(int seed) throws Exception {
        List<Map<String, @Nullable Object>> payments = payments(new Random(seed), 200, 86_400 * 6);
        OnlineView view = plan(ROWS_FRAMES).onlineView();
        compare(
                ROWS_FRAMES,
                payments,
                (expected, lookups) -> Replay.inTimeOrder(view, lookups, payments, expected, "at"));
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 12, 13})
    void everyFrameSeesTheSameRowsInBothEngines_withTiesAndEventsOutOfOrder(int seed) throws Exception {
        Random random = new Random(seed);
        List<Map<String, @Nullable Object>> payments = payments(random, 90, 86_400 * 6);
        for (String sql : List.of(EVERY_FRAME, FRAUD, PLACES)) {
            compare(
                    sql,
                    payments,
                    (expected, lookups) ->
                            Replay.againstAllOthers(plan(sql).onlineView(), lookups, payments, expected));
        }
    }

    private interface Comparison {
        void with(
                List<Map<String, @Nullable Object>> expected, Map<String, List<Map<String, @Nullable Object>>> lookups);
    }

    private static void compare(String sql, List<Map<String, @Nullable Object>> payments, Comparison comparison)
            throws Exception {
        List<Map<String, @Nullable Object>> cards = new ArrayList<>();
        List<Map<String, @Nullable Object>> prices = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            cards.add(Map.of("card_id", (double) (i % 5), "opened_at_branch", "branch " + i));
            prices.add(Map.of("kind", i % 3 == 0 ? "web" : "shop", "price", (long) (i * 10 - 20)));
        }
        try (DuckDb duck = new DuckDb()) {
            duck.table("payments", PAYMENTS, payments);
            duck.table("cards", CARDS, cards);
            duck.table("prices", PRICES, prices);
            comparison.with(duck.rows(plan(sql)), Map.of("cards", cards, "prices", prices));
        }
    }

    /** Times are whole hours for half of the events, so that many are equal. */
    private static List<Map<String, @Nullable Object>> payments(Random random, int count, int seconds) {
        List<Map<String, @Nullable Object>> payments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int second = random.nextInt(seconds);
            Map<String, @Nullable Object> payment = new HashMap<>();
            payment.put("card_id", random.nextInt(20) == 0 ? null : (Long) (long) random.nextInt(6));
            payment.put("terminal_id", "T" + random.nextInt(2));
            payment.put("kind", random.nextInt(10) == 0 ? null : random.nextBoolean() ? "web" : "shop");
            payment.put(
                    "at",
                    random.nextInt(25) == 0
                            ? null
                            : Instant.parse("2026-01-01T00:00:00Z")
                                    .plusSeconds(i % 2 == 0 ? second : second - second % 7200));
            payment.put("amount", random.nextInt(15) == 0 ? null : (Double) (double) (random.nextInt(1100) - 50) / 8);
            payment.put("items", random.nextInt(10) == 0 ? null : (Long) (long) (random.nextInt(20) - 5));
            payment.put("fraud", random.nextInt(10) == 0);
            payments.add(payment);
        }
        return payments;
    }
}
