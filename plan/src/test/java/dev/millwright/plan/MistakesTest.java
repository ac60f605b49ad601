package dev.millwright.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MistakesTest {
    private static final Map<String, Schema> TABLES = Map.of(
            "payments",
            Schema.of(
                    new Column("card", ColumnType.VARCHAR),
                    new Column("at", ColumnType.TIMESTAMP),
                    new Column("amount", ColumnType.DOUBLE),
                    new Column("items", ColumnType.BIGINT),
                    new Column("fraud", ColumnType.BOOLEAN),
                    new Column("time", ColumnType.BIGINT)),
            "cards",
            Schema.of(new Column("card", ColumnType.VARCHAR), new Column("opened", ColumnType.TIMESTAMP)));

    private static FeatureQuery query(String sql) {
        return new FeatureQuery(
                sql,
                new Problem.Position("p.yaml", 10, 5),
                ZoneOffset.UTC,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static List<String> problems(FeatureQuery query) {
        InvalidInputException thrown =
                catchThrowableOfType(InvalidInputException.class, () -> FeaturePlanner.plan(query, TABLES));
        assertThat(thrown).as("a problem in %s", query.sql()).isNotNull();
        return thrown.problems().stream().map(Problem::toString).toList();
    }

    @Test
    void reportsAllMistakesAtOnce_withPlaceAndNearestWord() {
        assertThat(problems(query("""
                        SELECT amont, ABSS(items) AS a,
                               p.fraud, UPPER(items) AS u
                        FROM payments
                        WHERE amount""")))
                .containsExactly(
                        "p.yaml:10:12: amont: unknown column (expected: one that FROM has). Did you mean 'amount'?",
                        "p.yaml:10:19: ABSS: unknown function. Did you mean 'ABS'?",
                        "p.yaml:11:12: p: not in FROM (expected: one of its tables). Known: payments.",
                        "p.yaml:11:27: items: bigint (expected: varchar, in UPPER(text))",
                        "p.yaml:13:11: WHERE: double (expected: a condition)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    SELECT card FROM paymnts | 10:22 | paymnts: unknown table (expected: a dataset of this file). Did you mean 'payments'?
                    SELCT card FROM payments | 10:5 | Did you mean 'SELECT' for 'SELCT'?
                    SELECT card FORM payments | 10:22 | Did you mean 'FROM' for 'FORM'?
                    SELECT card, FROM payments | 10:16 | unexpected
                    SELECT card FROM payments; SELECT 1 | 10:32 | a second statement
                    SELECT DISTINCT card FROM payments | 10:5 | DISTINCT
                    SELECT card FROM payments ORDER BY card | 10:40 | ORDER BY or LIMIT: not supported
                    SELECT RAND() AS r FROM payments | 10:12 | RAND: unknown function. Did you mean 'ROUND'?
                    SELECT amount + 1 FROM payments | 10:12 | no name (expected: AS name after it)
                    SELECT card, items AS card FROM payments | 10:18 | card: a second column of that name
                    SELECT amount + card AS x FROM payments | 10:21 | card: varchar (expected: a number, in a + b)
                    SELECT amount = card AS x FROM payments | 10:12 | (expected: values of one type)
                    SELECT items AS card, at FROM payments | 10:27 | at: a timestamp as a feature
                    SELECT SUM(amount) AS s FROM payments | 10:12 | SUM: neither OVER nor GROUP BY
                    SELECT SUM(amount) OVER (PARTITION BY card) AS s FROM payments | 10:29 | no ORDER BY
                    SELECT SUM(amount) OVER (ORDER BY at RANGE BETWEEN INTERVAL '1' MONTH PRECEDING AND CURRENT ROW) AS s FROM payments | 10:56 | not of one length
                    SELECT SUM(amount) OVER (ORDER BY at RANGE BETWEEN CURRENT ROW AND INTERVAL '1' DAY FOLLOWING) AS s FROM payments | 10:72 | A row can't see what comes after it.
                    SELECT SUM(amount) FILTER (WHERE items) OVER (ORDER BY at) AS s FROM payments | 10:38 | FILTER: bigint (expected: a condition)
                    SELECT COUNT_IF(items) OVER (ORDER BY at) AS s FROM payments | 10:21 | COUNT_IF: bigint (expected: a condition)
                    SELECT COUNT(DISTINCT card) OVER (ORDER BY at) AS s FROM payments | 10:12 | DISTINCT: in a window (expected: GROUP BY, or a plain aggregate)
                    SELECT SUM(DISTINCT items) OVER (ORDER BY at) AS s FROM payments | 10:12 | SUM: DISTINCT (expected: only in COUNT)
                    SELECT LEAD(amount) OVER (ORDER BY at) AS s FROM payments | 10:12 | LEAD: no window function
                    SELECT LAG(amount, 0) OVER (ORDER BY at) AS s FROM payments | 10:12 | LAG: 0 (expected: a whole number from 1 to 1000000)
                    SELECT LAG(amount, 1, 0) OVER (ORDER BY at) AS s FROM payments | 10:12 | (expected: LAG(x) or LAG(x, rows)). For a value instead of NULL, write COALESCE around it.
                    SELECT LAG(amount) OVER w AS s FROM payments WINDOW w AS (ORDER BY at ROWS BETWEEN 5 PRECEDING AND 1 PRECEDING) | 10:12 | LAG: in a window with a frame
                    SELECT ROW_NUMBER(items) OVER (ORDER BY at) AS s FROM payments | 10:12 | (expected: ROW_NUMBER())
                    SELECT LAST_VALUE(amount) IGNORE NULLS OVER (ORDER BY at) AS s FROM payments | 10:12 | LAST_VALUE: up to CURRENT ROW (expected: a frame that ends before it
                    SELECT LAST_VALUE(amount) OVER (ORDER BY at) AS s FROM payments | 10:12 | LAST_VALUE: without IGNORE NULLS (expected: LAST_VALUE(…) IGNORE NULLS)
                    SELECT MAX(amount) IGNORE NULLS OVER (ORDER BY at) AS s FROM payments | 10:12 | NULLs are left out anyway.
                    SELECT p.items, g.last FROM payments p LEFT JOIN (SELECT card, LAST_VALUE(items) AS last FROM payments GROUP BY card) g ON p.card = g.card | 10:68 | LAST_VALUE: without OVER
                    SELECT YEAR(at) AS y FROM payments | 10:12 | YEAR: unknown function (expected: EXTRACT(YEAR FROM timestamp))
                    SELECT DATEDIFF(DAY, at, at) AS d FROM payments | 10:12 | DATEDIFF: unknown function (expected: TIMESTAMPDIFF(unit, earlier, later))
                    SELECT TIMESTAMPADD(FORTNIGHT, 1, at) > at AS d FROM payments | 10:25 | FORTNIGHT: unknown unit
                    SELECT TRY_CAST(card AS DOUBLE) AS d FROM payments | 10:12 | (expected: CAST, which gives NULL for what doesn't fit)
                    SELECT DATE_TRUNC('moth', at) > at AS d FROM payments | 10:23 | moth: unknown unit. Did you mean 'MONTH'?
                    SELECT at - at AS d FROM payments | 10:12 | between timestamps write TIMESTAMPDIFF(SECOND, earlier, later)
                    SELECT LOG(amount) AS l FROM payments | 10:12 | LOG: 1 arguments (expected: LOG(base, number))
                    SELECT LPAD(card, 3, '') AS l FROM payments | 10:26 | (expected: a literal that isn't empty, in LPAD(text, length [, 'fill']))
                    SELECT LPAD(card, 1001) AS l FROM payments | 10:23 | (expected: a whole number from 0 to 1000
                    SELECT SPLIT_PART(card, '-', 0) AS l FROM payments | 10:34 | (expected: counted from 1, or from -1 at the end
                    SELECT HASH_BUCKET(amount, 10) AS l FROM payments | 10:24 | amount: double (expected: text, a bigint or a boolean
                    SELECT card LIKE 'a!b' ESCAPE '!' AS l FROM payments | 10:22 | (expected: %, _ or ! after each !
                    SELECT card LIKE card ESCAPE '!' AS l FROM payments | 10:22 | card: varchar (expected: a literal, beside ESCAPE
                    SELECT card LIKE 'a' ESCAPE 'ab' AS l FROM payments | 10:33 | (expected: a literal of one character
                    SELECT card ILIKE 'a' AS l FROM payments | 10:12 | For any case, LOWER the text.
                    SELECT SUM(amount) OVER wek AS s FROM payments WINDOW week AS (ORDER BY at) | 10:29 | wek: unknown window (expected: one that WINDOW declares). Did you mean 'week'?
                    SELECT amount FROM payments, cards | 10:34 | a comma
                    SELECT amount FROM payments p JOIN cards c ON p.card < c.card | 10:51 | expected: equalities between the tables
                    SELECT amount FROM payments p LEFT ASOF JOIN cards c MATCH_CONDITION p.at <= c.opened ON p.card = c.card | 10:74 | A row can't see what comes after it.
                    SELECT amount FROM payments p LEFT JOIN (SELECT items, card FROM payments GROUP BY items, card) g ON p.card = g.card | 10:46 | a grouped table may match several times
                    SELECT card FROM payments WHERE amount IN (SELECT amount FROM payments) | 10:37 | Join the subquery instead.
                    SELECT CAST(amount AS VARCHAR) AS a FROM payments | 10:12 | CAST: double to varchar
                    SELECT CAST(amount AS DECIMAL(5,2)) AS a FROM payments | 10:27 | unknown type
                    SELECT EXTRACT(HUOR FROM at) AS h FROM payments | 10:20 | Did you mean 'HOUR'?
                    SELECT time + 1 AS t, amout FROM payments | 10:27 | amout: unknown column
                    SELECT card FROM payments UNION SELECT card FROM cards | 10:5 | UNION: not supported
                    """)
    void saysWhatIsWrong(String sql, String place, String message) {
        assertThat(problems(query(sql))).anySatisfy(problem -> {
            assertThat(problem).contains(message);
            assertThat(problem).startsWith("p.yaml:" + place + ":");
        });
    }

    @Test
    void takesColumnsNamedLikeKeywords() {
        FeaturePlan plan =
                FeaturePlanner.plan(query("SELECT time, p.time AS second, p.time + 1 AS hour FROM payments p"), TABLES);
        assertThat(plan.output().names()).containsExactly("time", "second", "hour");
    }

    @Test
    void reportsMistakesInTheLabel_atItsOwnPlace() {
        FeatureQuery query = new FeatureQuery(
                "SELECT card, amount FROM payments",
                new Problem.Position("p.yaml", 10, 5),
                ZoneOffset.UTC,
                Optional.of("crad"),
                Optional.of("amount"),
                Optional.of(new LabelExpression("frud", new Problem.Position("p.yaml", 30, 8))));
        assertThat(problems(query))
                .containsExactly(
                        "p.yaml:10:5: entity: crad (expected: a column of the view). Did you mean 'card'?",
                        "p.yaml:10:5: timestamp: amount is double (expected: a timestamp)",
                        "p.yaml:30:8: frud: unknown column (expected: one that FROM has). Did you mean 'fraud'?");
    }

    @Test
    void refusesAFeatureThatIsTheLabelItself() {
        FeatureQuery query = new FeatureQuery(
                "SELECT * FROM payments",
                new Problem.Position("p.yaml", 10, 5),
                ZoneOffset.UTC,
                Optional.of("card"),
                Optional.of("at"),
                Optional.of(new LabelExpression("fraud IS TRUE", new Problem.Position("p.yaml", 30, 8))));
        assertThat(problems(query))
                .singleElement()
                .asString()
                .contains("fraud: computed from fraud alone, as the label is");
    }

    @Test
    void labelSeesOutputColumnsThatFromDoesNotHave() {
        FeatureQuery query = new FeatureQuery(
                "SELECT card, LN(amount) AS size FROM payments",
                new Problem.Position("p.yaml", 10, 5),
                ZoneOffset.UTC,
                Optional.of("card"),
                Optional.empty(),
                Optional.of(new LabelExpression("size + items", new Problem.Position("p.yaml", 30, 8))));
        assertThat(FeaturePlanner.plan(query, TABLES).labelType()).contains(ColumnType.DOUBLE);
    }

    @Test
    void saysWhatCannotRunOnline() {
        String sql = """
                WITH w AS (SELECT *, COUNT(*) OVER (PARTITION BY card ORDER BY at) AS n FROM payments)
                SELECT AVG(n) OVER (PARTITION BY card ORDER BY at) AS a FROM w""";
        FeaturePlan plan = FeaturePlanner.plan(query(sql), TABLES);
        assertThatExceptionOfType(dev.millwright.core.MillwrightException.class)
                .isThrownBy(plan::onlineView)
                .withMessage(
                        "sql: a window over the result of another window (expected: a view that can be computed for one event). Compute both from the dataset's columns.")
                .satisfies(thrown -> assertThat(thrown.code()).isEqualTo(PlanError.NOT_ONLINE));
    }

    @Test
    void namesTheColumnOfAnEventThatDoesNotFit() {
        OnlineState state = FeaturePlanner.plan(query("SELECT amount FROM payments"), TABLES)
                .onlineView()
                .newState(Map.of());
        assertThatExceptionOfType(dev.millwright.core.MillwrightException.class)
                .isThrownBy(() -> state.evaluate(Map.of("amount", "much")))
                .withMessage("amount: much (expected: double or null). Send it as the dataset has it.");
    }
}
