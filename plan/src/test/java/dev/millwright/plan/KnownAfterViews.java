package dev.millwright.plan;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.KnownAfter;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Views over payments. Frauds are known a week after the payment, disputes when they were raised; risks of shops six hours after they
 * were computed, grades when they were given.
 */
final class KnownAfterViews {
    static final List<TableShape> TABLES = List.of(
            new TableShape(
                    "payments",
                    Schema.of(
                            new Column("card", ColumnType.VARCHAR),
                            new Column("shop", ColumnType.VARCHAR),
                            new Column("at", ColumnType.TIMESTAMP),
                            new Column("amount", ColumnType.DOUBLE),
                            new Column("fraud", ColumnType.BOOLEAN),
                            new Column("disputed", ColumnType.BOOLEAN),
                            new Column("disputed_at", ColumnType.TIMESTAMP)),
                    Optional.of("at"),
                    Map.of(
                            "fraud",
                            new KnownAfter.After(Duration.ofDays(7)),
                            "disputed",
                            new KnownAfter.At("disputed_at"))),
            new TableShape(
                    "shops",
                    Schema.of(
                            new Column("shop", ColumnType.VARCHAR),
                            new Column("day", ColumnType.TIMESTAMP),
                            new Column("risk", ColumnType.DOUBLE),
                            new Column("grade", ColumnType.DOUBLE),
                            new Column("graded_at", ColumnType.TIMESTAMP)),
                    Optional.of("day"),
                    Map.of("risk", new KnownAfter.After(Duration.ofHours(6)), "grade", new KnownAfter.At("graded_at"))),
            TableShape.of(
                    "cards",
                    Schema.of(new Column("card", ColumnType.VARCHAR), new Column("kind", ColumnType.VARCHAR))));

    /** @param message what is said of it, from its place on */
    record Refused(String sql, String message) {}

    private static final String REFUSED = """
            SELECT card, at, fraud FROM payments | 10:22: fraud: computed from the row's own fraud, which is known only 7 days after at (expected: what is known at at, the view's timestamp). Leave it out of SELECT, or look back on other rows with RANGE BETWEEN … PRECEDING AND INTERVAL '7' DAY PRECEDING.
            SELECT card, at, CASE WHEN amount > 5 AND fraud THEN 1 ELSE 0 END AS x FROM payments | 10:22: x: computed from the row's own fraud
            SELECT card, at, TIMESTAMPDIFF(DAY, at, disputed_at) AS x FROM payments | 10:22: x: computed from the row's own disputed_at, which is known only at disputed_at
            SELECT card, at, disputed AS x FROM payments | 10:22: x: computed from the row's own disputed, which is known only at disputed_at (expected: what is known at at, the view's timestamp). Leave it out of SELECT, or look up earlier rows with LEFT ASOF JOIN … MATCH_CONDITION at >= disputed_at.
            WITH p AS (SELECT *, CASE WHEN fraud THEN 1 ELSE 0 END AS bad FROM payments) SELECT card, at, bad + amount AS x FROM p | 10:99: x: computed from the row's own fraud
            SELECT card, at, AVG(CASE WHEN fraud THEN 1 ELSE 0 END) OVER (PARTITION BY card ORDER BY at) AS x FROM payments | 10:22: 'AVG(CASE WHEN fraud THEN 1 ELSE 0 END) OVER (PARTITION BY card ORDER BY at)': sees fraud up to the current row, though it is known only 7 days after at (expected: RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '7' DAY PRECEDING)
            SELECT card, at, MAX(fraud) OVER w AS x FROM payments WINDOW w AS (PARTITION BY card ORDER BY at RANGE BETWEEN INTERVAL '8' DAY PRECEDING AND INTERVAL '36' HOUR PRECEDING) | 10:22: 'MAX(fraud) OVER w': sees fraud up to 36 hours before the row, though it is known only 7 days after at (expected: RANGE BETWEEN INTERVAL '8' DAY PRECEDING AND INTERVAL '7' DAY PRECEDING)
            SELECT card, at, MAX(fraud) OVER w AS x FROM payments WINDOW w AS (ORDER BY at RANGE BETWEEN INTERVAL '3' DAY PRECEDING AND CURRENT ROW) | (expected: RANGE BETWEEN INTERVAL '10' DAY PRECEDING AND INTERVAL '7' DAY PRECEDING)
            SELECT card, at, SUM(CASE WHEN fraud THEN 1 ELSE 0 END) OVER (ORDER BY at ROWS BETWEEN 9 PRECEDING AND 2 PRECEDING) AS x FROM payments | sees fraud of the last rows, though it is known only 7 days after at (expected: RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '7' DAY PRECEDING)
            SELECT card, at, COUNT(*) OVER (PARTITION BY fraud ORDER BY at RANGE BETWEEN INTERVAL '9' DAY PRECEDING AND INTERVAL '8' DAY PRECEDING) AS x FROM payments | 10:22: x: computed from the row's own fraud
            SELECT card, at, SUM(CASE WHEN disputed THEN 1 ELSE 0 END) OVER (ORDER BY at RANGE BETWEEN INTERVAL '90' DAY PRECEDING AND INTERVAL '10' DAY PRECEDING) AS x FROM payments | sees disputed of other rows, which is known only at disputed_at (expected: a CTE with the window, ORDER BY disputed_at, and LEFT ASOF JOIN … MATCH_CONDITION at >= disputed_at)
            SELECT card, at, SUM(CASE WHEN disputed THEN 1 ELSE 0 END) OVER (ORDER BY disputed_at) AS x FROM payments | sees disputed of other rows, which is known only at disputed_at
            SELECT card, at, SUM(CASE WHEN fraud THEN 1 ELSE 0 END) OVER (ORDER BY disputed_at) AS x FROM payments | not ordered by at, though fraud is known only 7 days after at (expected: ORDER BY at, and a frame that ends with INTERVAL '7' DAY PRECEDING)
            SELECT p.card, p.at, s.risk FROM payments p LEFT ASOF JOIN shops s MATCH_CONDITION p.at >= s.day ON p.shop = s.shop | 'p.at >= s.day': finds risk too early, for it is known only 6 hours after day (expected: p.at >= s.day + INTERVAL '6' HOUR)
            SELECT p.card, p.at, s.risk FROM payments p LEFT ASOF JOIN shops s MATCH_CONDITION s.day + INTERVAL '2' HOUR < p.at ON p.shop = s.shop | (expected: p.at >= s.day + INTERVAL '2' HOUR + INTERVAL '4' HOUR)
            SELECT p.card, p.at, s.grade FROM payments p LEFT ASOF JOIN shops s MATCH_CONDITION p.at >= s.day ON p.shop = s.shop | finds grade too early, for it is known only at graded_at (expected: p.at >= graded_at)
            SELECT p.card, p.at, s.risk FROM payments p LEFT JOIN shops s ON p.shop = s.shop | 10:59: 'shops s': joined whatever its time, though risk is known only 6 hours after day (expected: LEFT ASOF JOIN … MATCH_CONDITION at >= day + INTERVAL '6' HOUR)
            SELECT p.card, p.at, s.grade FROM payments p LEFT JOIN shops s ON p.shop = s.shop | (expected: LEFT ASOF JOIN … MATCH_CONDITION at >= graded_at)
            SELECT p.card, p.at, p.amount FROM payments p JOIN shops s ON p.shop = s.shop AND s.risk > 0.9 AND s.day > TIMESTAMP '2026-02-03' | 'shops s': joined whatever its time, though risk is known only 6 hours after day
            SELECT p.card, p.at, g.bad FROM payments p LEFT JOIN (SELECT shop, SUM(CASE WHEN fraud THEN 1 ELSE 0 END) AS bad FROM payments GROUP BY shop) g ON g.shop = p.shop | GROUP BY: puts together fraud of rows whatever their time, though it is known only 7 days after at (expected: a window: OVER (PARTITION BY … ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '7' DAY PRECEDING))
            SELECT p.card, p.at, g.n FROM payments p LEFT JOIN (SELECT shop, COUNT(*) AS n FROM payments WHERE fraud GROUP BY shop) g ON g.shop = p.shop | GROUP BY: puts together fraud of rows whatever their time
            SELECT p.card, p.at, g.n FROM payments p LEFT JOIN (SELECT shop, COUNT(*) AS n FROM payments GROUP BY shop HAVING SUM(CASE WHEN fraud THEN 1 ELSE 0 END) > 4) g ON g.shop = p.shop | GROUP BY: puts together fraud of rows whatever their time
            SELECT card, at, amount FROM payments WHERE disputed IS NULL | 10:49: condition: leaves out rows by disputed, which is known only at disputed_at (expected: what is known at at, or columns of the label). Rows without a label aren't trained on: write it into the label, as in CASE WHEN … THEN … END.
            WITH p AS (SELECT * FROM payments WHERE fraud IS NOT NULL) SELECT card, at, COUNT(*) OVER (PARTITION BY card ORDER BY at) AS n FROM p | 'COUNT(*) OVER (PARTITION BY card ORDER BY at)': sees fraud up to the current row
            WITH w AS (SELECT card, disputed_at, SUM(CASE WHEN fraud THEN 1 ELSE 0 END) OVER (PARTITION BY card ORDER BY at RANGE BETWEEN INTERVAL '9' DAY PRECEDING AND CURRENT ROW) AS bad FROM payments) SELECT p.card, p.at, w.bad FROM payments p LEFT ASOF JOIN w MATCH_CONDITION p.at >= w.disputed_at ON p.card = w.card | finds fraud too early, for it is known only 7 days after at
            SELECT p.card, p.at, g.shops FROM payments p LEFT JOIN (SELECT shop, COUNT(*) AS shops FROM shops GROUP BY shop) g ON g.shop = p.shop | GROUP BY: puts together rows of shops whatever their time, though they are known only at day (expected: a window: OVER (PARTITION BY … ORDER BY day RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW))
            SELECT p.card, p.at, s.shop IS NULL AS fresh FROM payments p LEFT JOIN shops s ON p.shop = s.shop AND s.day > TIMESTAMP '2026-02-03' | 'shops s': joined whatever its time, though rows of shops are known only at day (expected: LEFT ASOF JOIN … MATCH_CONDITION at >= day)
            SELECT card, at, COUNT(*) OVER (PARTITION BY card ORDER BY amount_time) AS n FROM (SELECT *, TIMESTAMP '2026-01-01 00:00:00' + INTERVAL '1' DAY AS amount_time FROM payments) | 'COUNT(*) OVER (PARTITION BY card ORDER BY amount_time)': not ordered by at, though rows of payments are known only at at (expected: ORDER BY at, and a frame that ends with CURRENT ROW)
            SELECT p.card, p.at, g.n FROM payments p LEFT ASOF JOIN (SELECT shop, FLOOR(at TO DAY) AS day, COUNT(*) AS n FROM payments GROUP BY shop, FLOOR(at TO DAY)) g MATCH_CONDITION p.at >= g.day ON g.shop = p.shop | 'p.at >= g.day': finds rows of payments too early, for they are known only at at (expected: p.at >= g.day + INTERVAL '1' DAY)
            SELECT p.card, p.at, g.n FROM payments p LEFT ASOF JOIN (SELECT shop, FLOOR(at TO DAY) + INTERVAL '2' DAY AS day, SUM(CASE WHEN fraud THEN 1 ELSE 0 END) AS n FROM payments GROUP BY shop, FLOOR(at TO DAY) + INTERVAL '2' DAY) g MATCH_CONDITION p.at >= g.day ON g.shop = p.shop | finds fraud too early, for it is known only 7 days after at (expected: p.at >= g.day + INTERVAL '6' DAY)
            """;

    private static final String TAKEN = """
            SELECT card, at, amount FROM payments
            SELECT card, at, amount FROM payments WHERE fraud IS NOT NULL AND amount > 0
            SELECT card, at, EXTRACT(HOUR FROM at) AS hour FROM payments
            SELECT card, at, MAX(fraud) OVER (PARTITION BY card ORDER BY at RANGE BETWEEN INTERVAL '30' DAY PRECEDING AND INTERVAL '7' DAY PRECEDING) AS x FROM payments
            SELECT card, at, MAX(fraud) OVER (PARTITION BY card ORDER BY at + INTERVAL '3' HOUR RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '1' WEEK PRECEDING) AS x FROM payments
            WITH p AS (SELECT *, CASE WHEN fraud THEN 1 ELSE 0 END AS bad, TIMESTAMPADD(HOUR, 1, at) AS later FROM payments), q AS (SELECT *, AVG(bad) OVER (PARTITION BY shop ORDER BY later RANGE BETWEEN INTERVAL '8' DAY PRECEDING AND INTERVAL '7' DAY PRECEDING) AS x FROM p) SELECT card, at, x FROM q
            WITH p AS (SELECT * FROM payments WHERE fraud IS NOT NULL) SELECT card, at, COUNT(*) OVER (PARTITION BY card ORDER BY at RANGE BETWEEN INTERVAL '9' DAY PRECEDING AND INTERVAL '8' DAY PRECEDING) AS n FROM p
            SELECT p.card, p.at, s.risk FROM payments p LEFT ASOF JOIN shops s MATCH_CONDITION p.at >= s.day + INTERVAL '6' HOUR ON p.shop = s.shop
            SELECT p.card, p.at, s.risk FROM payments p LEFT ASOF JOIN shops s MATCH_CONDITION p.at - INTERVAL '6' HOUR >= s.day ON p.shop = s.shop
            SELECT p.card, p.at, s.risk FROM payments p LEFT ASOF JOIN (SELECT shop, risk, day + INTERVAL '1' DAY AS published FROM shops) s MATCH_CONDITION p.at > s.published ON p.shop = s.shop
            SELECT p.card, p.at, s.risk FROM payments p LEFT ASOF JOIN shops s MATCH_CONDITION FLOOR(p.at TO DAY) >= s.day + INTERVAL '6' HOUR ON p.shop = s.shop
            SELECT p.card, p.at, s.grade FROM payments p LEFT ASOF JOIN shops s MATCH_CONDITION p.at >= s.graded_at ON p.shop = s.shop
            SELECT p.card, p.at, s.risk FROM payments p LEFT JOIN shops s ON p.shop = s.shop AND p.at - INTERVAL '6' HOUR = s.day
            WITH d AS (SELECT card, disputed_at, COUNT(*) OVER (PARTITION BY card ORDER BY disputed_at RANGE BETWEEN INTERVAL '90' DAY PRECEDING AND CURRENT ROW) AS n FROM payments WHERE disputed) SELECT p.card, p.at, d.n FROM payments p LEFT ASOF JOIN d MATCH_CONDITION p.at >= d.disputed_at ON p.card = d.card
            SELECT p.card, p.at, c.kind FROM payments p LEFT JOIN cards c ON p.card = c.card LEFT JOIN shops s ON p.shop = s.shop
            SELECT p.card, p.at, g.n FROM payments p LEFT ASOF JOIN (SELECT shop, FLOOR(at TO DAY) AS day, COUNT(*) AS n FROM payments GROUP BY shop, FLOOR(at TO DAY)) g MATCH_CONDITION p.at >= g.day + INTERVAL '1' DAY ON g.shop = p.shop
            SELECT p.card, p.at, g.n FROM payments p LEFT ASOF JOIN (SELECT shop, FLOOR(at TO DAY) + INTERVAL '2' DAY AS day, SUM(CASE WHEN fraud THEN 1 ELSE 0 END) AS n FROM payments GROUP BY shop, FLOOR(at TO DAY) + INTERVAL '2' DAY) g MATCH_CONDITION p.at >= g.day + INTERVAL '6' DAY ON g.shop = p.shop
            SELECT p.card, p.at, g.n FROM payments p LEFT ASOF JOIN (SELECT shop, FLOOR(at TO HOUR) AS day, COUNT(*) AS n FROM payments GROUP BY shop, FLOOR(at TO HOUR)) g MATCH_CONDITION p.at >= g.day + INTERVAL '60' MINUTE ON g.shop = p.shop
            """;

    private KnownAfterViews() {}

    static Stream<Refused> refused() {
        return REFUSED.lines()
                .map(line -> new Refused(
                        line.substring(0, line.indexOf('|')).strip(),
                        line.substring(line.indexOf('|') + 1).strip()));
    }

    static Stream<String> taken() {
        return TAKEN.lines();
    }

    static FeatureQuery query(String sql) {
        return query(sql, Optional.of(new LabelExpression("fraud", new Problem.Position("p.yaml", 90, 8))));
    }

    static FeatureQuery unlabelled(String sql) {
        return query(sql, Optional.empty());
    }

    private static FeatureQuery query(String sql, Optional<LabelExpression> label) {
        return new FeatureQuery(
                sql,
                new Problem.Position("p.yaml", 10, 5),
                ZoneOffset.UTC,
                Optional.of("card"),
                Optional.of("at"),
                label);
    }
}
