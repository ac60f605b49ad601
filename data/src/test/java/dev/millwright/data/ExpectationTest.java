package dev.millwright.data;

import static dev.millwright.data.Workbench.expectation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Schema;
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
    void readsRowChecks(String text) {
        assertThat(expectation(text, SCHEMA)).isInstanceOf(Expectation.OfRow.class);
        assertThat(expectation(text, SCHEMA).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unique(status, at)",
                "unique(month)",
                "missing(amount) <= 5%",
                "missing(amount) = 0",
                "rows >= 1000",
                "rows between 1 and 10"
            })
    void readsTableChecks(String text) {
        assertThat(expectation(text, SCHEMA)).isInstanceOf(Expectation.OfTable.class);
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
                "amount >=#'the end'",
                "amount >= 1 2#'2' (expected: the end)",
                "amount ~ 1#'~ 1'",
                "uniqe(month)#Did you mean 'unique'?",
                "at > 'yesterday'#a date or time",
                "amount is null#'null' (expected: 'not')"
            })
    void saysWhatItExpects(String text, String message) {
        assertThatThrownBy(() -> expectation(text, SCHEMA))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }
}
