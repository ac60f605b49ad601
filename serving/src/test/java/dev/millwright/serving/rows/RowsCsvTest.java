package dev.millwright.serving.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows as CSV. */
final class RowsCsvTest {
    private static final RequestColumns COLUMNS = RequestColumns.of(Signatures.BINARY);

    private static Frame read(String csv) {
        return RowsCsv.read(csv.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8, COLUMNS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amount,age,city\n1,,x\n1.0,2,\n",
                "city,age,amount\r\nx,,true\r\n\r\n,2,1e0",
                "\uFEFF\"amount\",\"age\",\"city\"\r1,NaN,\"x\"\rTrue, 2 ,\"\"\r",
                ",amount,age,city\n0,1,,x\n1,1,2,\n"
            })
    void readsColumnsInAnyOrder_emptyIsMissing(String csv) {
        Frame frame = read(csv);

        assertThat(frame.rows()).isEqualTo(2);
        assertThat(ScoringJsonTest.row(frame, 0)).containsExactly(1f, Float.NaN, "x");
        assertThat(ScoringJsonTest.row(frame, 1)).containsExactly(1f, 2f, "");
    }

    @Test
    void readsQuotedValues_withCommasQuotesAndLineEnds() {
        assertThat(ScoringJsonTest.row(read("amount,age,city\n1,2,\"a, \"\"b\"\"\r\nc\"\n"), 0))
                .containsExactly(1f, 2f, "a, \"b\"\r\nc");
    }

    @Test
    void readsTheCharsetThatIsNamed_andRefusesWhatIsNotOfIt() {
        byte[] csv = "amount,age,city\n1,2,Köln\n".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(ScoringJsonTest.row(RowsCsv.read(csv, Charset.forName("windows-1252"), COLUMNS), 0))
                .contains("Köln");
        assertThatThrownBy(() -> RowsCsv.read(csv, StandardCharsets.UTF_8, COLUMNS))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("csv: byte 21 is not UTF-8");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|csv: none (expected: at least one)",
                "amount,age,city|csv: none",
                "amount,age,town;1,2,x|csv: town: unknown (expected: a column of the model)",
                "amount,city;1,x|csv: without age (expected: every column of the model, with no value where it is not known). Add to the first line: age",
                "amount,age,city,age;1,2,x,3|csv: age twice",
                "amount,age,city;1,2,x;1,2|line 3: 2 values (expected: 3, as in the first line)",
                "amount,age,city;1,old,x|line 2, age: old (expected: number)",
                "amount,age,city;1,0x1p3,x|line 2, age: 0x1p3 (expected: number)",
                "amount,age,city;1,1e99,x|line 2, age: 1e99 (expected: number)",
                "amount,age,city;1,2,\"x|line 2: a quote that is never closed",
                "amount,age,city;1,2,\"x\"y|line 2: more after a closing quote"
            })
    void refusesWhatIsWrong_withLineAndColumn(String csv, String message) {
        assertThatThrownBy(() -> read(csv.replace(';', '\n')))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void countsLinesWithinQuotes() {
        assertThatThrownBy(() -> read("amount,age,city\n1,2,\"a\nb\"\n1,x,y\n")).hasMessageContaining("line 4, age: x");
    }

    @Test
    void passesOver_whatOnlyAnotherVersionTakes() {
        RequestColumns columns = RequestColumns.of(Signatures.REGRESSION, List.of(Signatures.BINARY));
        assertThat(RowsCsv.read(
                                "amount,age,city\n1,2,x".getBytes(StandardCharsets.UTF_8),
                                StandardCharsets.UTF_8,
                                columns)
                        .rows())
                .isEqualTo(1);
    }
}
