package dev.millwright.data;

import static dev.millwright.data.Workbench.expectation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectationTest {
    private static final Schema SCHEMA = Schema.of(
            new Column("month", ColumnType.BIGINT),
            new Column("amount", ColumnType.DOUBLE),
            new Column("status", ColumnType.VARCHAR),
            new Column("flag", ColumnType.BOOLEAN),
            new Column("at", ColumnType.TIMESTAMP),
            new Column("odd name", ColumnType.VARCHAR));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "month between 1 and 12",
                "month NOT BETWEEN -1 AND 0",
                "amount >= 0",
                "amount != 1.5e3",
                "status in ('a', 'it''s')",
                "status not in ('a')",
                "status matches '[A-Z]{2}'",
                "flag = true",
                "at >= '2013-01-01'",
                "at < '2013-01-01T00:00:00Z'",
                "\"odd name\" is not null"
            })
    void comparesAColumnWithConstants(String text) {
        assertThat(expectation(text, SCHEMA)).isInstanceOf(Expectation.OfColumn.class);
        assertThat(expectation(text, SCHEMA).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amount <= month * 100",
                "amount is null",
                "flag",
                "not (flag and amount < 0)",
                "CASE WHEN status = 'open' THEN amount > 0 ELSE amount IS NULL END",
                "at >= TIMESTAMP '2013-01-01 00:00:00'",
                "abs(amount) < 1000 or status like 'test%'",
                "lower(\"odd name\") <> 'x'",
                "extract(hour from at) between 6 and 22",
                "month in (1, 2, month)"
            })
    void takesAnyConditionOfFeatureSql(String text) {
        assertThat(expectation(text, SCHEMA)).isInstanceOf(Expectation.Condition.class);
        assertThat(expectation(text, SCHEMA).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unique(status, at)",
                "unique(lower(status))",
                "missing(amount) <= 5%",
                "missing(amount) = 0",
                "missing(nullif(status, '?')) between 0 and 0.1",
                "share(status = 'failed') <= 1%",
                "share(month > 6) within 10% of previous",
                "rows >= 1000",
                "rows between 1 and 10",
                "count(*) >= 1",
                "count(amount) >= 80% of previous",
                "rows between 80% and 120.5% of previous",
                "avg(amount) between -10 and 50.5",
                "SUM(amount * (month + 1)) > 1e6",
                "stddev_samp(amount) <= 150% of previous",
                "median(amount) = 3",
                "quantile(coalesce(amount, 0), 0.99) <= 1000",
                "distinct(status) <= 300",
                "distinct(status, month) != 7",
                "freshness(at) <= 2d",
                "drift(amount) <= 0.2",
                "drift(\"odd name\") < 0.1",
                "freshness(at) between 1s and 90 m"
            })
    void measuresTheTable(String text) {
        assertThat(expectation(text, SCHEMA)).isInstanceOf(Expectation.OfTable.class);
        assertThat(expectation(text, SCHEMA).text()).isEqualTo(text);
    }

    @Test
    void takesRowsForAColumn_whenThereIsOne() {
        Schema schema = Schema.of(new Column("rows", ColumnType.BIGINT));
        assertThat(expectation("rows >= 3", schema)).isInstanceOf(Expectation.Compared.class);
    }

    @Test
    void rejectsAnUnknownColumn_withASuggestion() {
        assertThatThrownBy(() -> expectation("mnth between 1 and 12", SCHEMA))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("pipeline.yaml:7:9: expect 'mnth between 1 and 12': 'mnth' (expected: a column)."
                        + " Did you mean 'month'?");
        assertThatThrownBy(() -> expectation("amount > 2 * mnth", SCHEMA))
                .hasMessage("pipeline.yaml:7:22: expect 'amount > 2 * mnth': mnth: unknown column (expected: one that"
                        + " FROM has). Did you mean 'month'?");
        assertThatThrownBy(() -> expectation("avg(2 * amont) > 1", SCHEMA))
                .hasMessage("pipeline.yaml:7:17: expect 'avg(2 * amont) > 1': amont: unknown column (expected: one that"
                        + " FROM has). Did you mean 'amount'?");
    }

    @Test
    void placesAMistakeInATextOfSeveralLines() {
        String text = "CASE WHEN flag\nTHEN avg(amount) > 1 END";
        assertThatThrownBy(() -> expectation(text, SCHEMA)).hasMessageContaining("pipeline.yaml:8:14: ");
        assertThatThrownBy(() -> Expectation.parse(
                        "share(flag\n  and flug) < 1%",
                        new Problem.Position("pipeline.yaml", 7, 9),
                        new ExpectationScope(SCHEMA, ZoneOffset.UTC, Map.of())))
                .hasMessageStartingWith("pipeline.yaml:8:15: expect 'share(flag and flug) < 1%': flug: unknown column")
                .hasMessageContaining("Did you mean 'flag'?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "month between 12 and 1#the smaller bound first",
                "month >= 'a'#a number to compare the bigint column month with",
                "status > 3#a text in '…' to compare the varchar column status with",
                "status matches '['#a regular expression",
                "amount matches 'a'#a varchar column for 'matches'",
                "missing(amount) <= 500%#a share from 0% to 100%",
                "amount >=#the text ends too early",
                "amount >= 1 2#unexpected '2'",
                "amount ~ 1#not supported in feature SQL",
                "amount + 1#condition: double (expected: a condition)",
                "1 = 1#looks at no column",
                "uniqe(month)#Did you mean 'unique'?",
                "mising(month) <= 1%#Did you mean 'missing'?",
                "lowr(status) = 'a'#Did you mean 'LOWER'?",
                "at > 'yesterday'#a date or time",
                "avg(status) > 1#status: varchar (expected: a number, in avg(…))",
                "freshness(amount) < 1d#amount: double (expected: a timestamp, in freshness(…))",
                "share(amount) < 1%#condition: double (expected: a condition)",
                "freshness(at) <= 2#'the end' (expected: a unit of time: s, m, h or d, as in 2d)",
                "freshness(at) <= 50% of previous#(expected: a unit of time",
                "avg(amount) 3#'3' (expected: =, !=, <, <=, >, >=, between or within)",
                "avg(amount) > 5%#'5' (expected: a number, or a share of the previous version",
                "avg(amount) > 5 of previous#'5' (expected: a share of the previous version",
                "avg(amount) within 5%#'of previous', as in within 20% of previous",
                "avg(amount) between 3 and 1#between 3 and 1 (expected: the smaller bound first)",
                "avg(amount) > 5 and avg(month) > 1#'and' (expected: the end)",
                "avg(amount, month) > 5#'month' (expected: one argument of avg)",
                "avg() > 5#')' (expected: a column)",
                "avg(amount > 5#'the end' (expected: ')')",
                "quantile(amount) > 5#(expected: a number and a probability, as in quantile(amount, 0.99))",
                "quantile(amount, 99) > 5#'99' (expected: a probability from 0 to 1)",
                "drift(at) < 1#at: timestamp (expected: a number, text or truth value",
                "drift(amount * 2) < 1#'amount * 2' (expected: a column, in drift(…))",
                "drift(amount) < 80% of previous#'of previous' (expected: the end, for drift(amount))",
                "distinct(3) > 5#'distinct' of no column",
                "rows >= 1.5#a whole number",
                "rows >= -1#a whole number",
                "rows >= 80% of last#'last' (expected: 'previous')",
                "unique(month) >= 99%#'>=' (expected: the end)",
                "amount > avg(amount)#AVG: an aggregate in a condition on one row"
            })
    void saysWhatItExpects(String text, String message) {
        assertThatThrownBy(() -> expectation(text, SCHEMA))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }
}
