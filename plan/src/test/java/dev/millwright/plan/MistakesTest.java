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
                    SELECT card, SUM(amount) AS s FROM payments GROUP BY card | 10:5 | the rows are groups
                    SELECT SUM(amount) OVER (PARTITION BY card) AS s FROM payments | 10:29 | no ORDER BY
                    SELECT SUM(amount) OVER (ORDER BY at RANGE BETWEEN INTERVAL '1' MONTH PRECEDING AND CURRENT ROW) AS s FROM payments | 10:69 | not of one length
                    SELECT SUM(amount) OVER (ORDER BY at RANGE BETWEEN CURRENT ROW AND INTERVAL '1' DAY FOLLOWING) AS s FROM payments | 10:72 | A row can't see what comes after it.
                    SELECT SUM(amount) FILTER (WHERE fraud) OVER (ORDER BY at) AS s FROM payments | 10:12 | FILTER
                    SELECT COUNT(DISTINCT card) OVER (ORDER BY at) AS s FROM payments | 10:12 | DISTINCT
                    SELECT LAG(amount) OVER (ORDER BY at) AS s FROM payments | 10:12 | LAG: no window function
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
