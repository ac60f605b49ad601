package dev.millwright.serving.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestConditionTest {
    private static final Map<String, String> GOLD = Map.of("x-tier", "gold");

    private static Frame rows(String country, float amount) {
        return new Frame(
                1,
                List.of(
                        new FeatureColumn.Text("country", new String[] {country}),
                        new FeatureColumn.Numeric("amount", new float[] {amount})));
    }

    private static boolean holds(String condition, Map<String, String> headers, Frame rows) {
        return RequestCondition.parse(condition).holds(headers::get, rows);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    country = 'DE'                            | true
                    country = DE                              | true
                    country != 'DE'                           | false
                    country in ('AT', 'DE')                   | true
                    country not in ('AT', 'DE')               | false
                    amount = 0.1                              | true
                    amount > 0                                | true
                    amount >= 1e3                             | false
                    amount < 5 and country = 'DE'             | true
                    amount < 5 and country = 'AT'             | false
                    header x-tier = gold                      | true
                    header X-Tier in ('silver', 'gold')       | true
                    header x-tier != 'gold'                   | false
                    header x-other = gold                     | false
                    header x-other != gold                    | true
                    city = 'Bonn'                             | false
                    city != 'Bonn'                            | false
                    header = 'DE'                             | false
                    """)
    void looksAtColumnsAndHeaders(String condition, boolean holds) {
        assertThat(holds(condition, GOLD, rows("DE", 0.1f))).isEqualTo(holds);
    }

    @Test
    void holdsForAllRowsOrForNone() {
        Frame mixed = new Frame(2, List.of(new FeatureColumn.Text("country", new String[] {"DE", "AT"})));
        assertThat(holds("country = 'DE'", Map.of(), mixed)).isFalse();
        assertThat(holds("country in ('DE', 'AT')", Map.of(), mixed)).isTrue();
    }

    @Test
    void neverHoldsForWhatIsMissing() {
        Frame missing = rows("", Float.NaN);
        assertThat(holds("amount != 1", Map.of(), missing)).isFalse();
        assertThat(holds("amount < 1", Map.of(), missing)).isFalse();
        assertThat(RequestCondition.parse("amount < 1").holds(ClientHeaders.NONE, null))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "country = 'D''E'",
                "country in ('AT', 'DE')",
                "country not in ('AT', 'DE')",
                "amount >= 1.5",
                "amount != 1000",
                "header x-tier = 'gold' and amount < 3"
            })
    void isWrittenAsItIsRead(String condition) {
        assertThat(RequestCondition.parse(condition).label()).isEqualTo(condition);
        assertThat(RequestCondition.parse(RequestCondition.parse(condition).label()))
                .isEqualTo(RequestCondition.parse(condition));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    country 'DE'         | at character 9: 'DE' (expected: one of = != < <= > >=, in or not in)
                    country inn ('DE')   | Did you mean 'in'?
                    country = 'DE        | (expected: a quote that ends)
                    country > 'DE'       | (expected: a number after >)
                    country =            | at character 10: the end (expected: a value such as 'DE' or 10)
                    a = 1 or b = 2       | Write two conditions, one after the other, for 'or'.
                    header x-tier > 3    | (expected: =, !=, in or not in, for headers are texts)
                    country in 'DE'      | (expected: ()
                    country in ('DE'     | (expected: ))
                    country in (1, 1)    | (expected: each value once after in)
                    = 3                  | (expected: a column, or header NAME)
                    """)
    void saysWhereAConditionIsWrong(String condition, String message) {
        assertThatThrownBy(() -> RequestCondition.parse(condition))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("when: " + condition.strip())
                .hasMessageContaining(message);
    }

    @Test
    void refusesAKeyThatIsNone_withASuggestion() {
        assertThat(StickyKey.parse("header X-User").label()).isEqualTo("header x-user");
        assertThat(StickyKey.parse(" client_id ")).isEqualTo(StickyKey.CLIENT_ID);
        assertThatThrownBy(() -> StickyKey.parse("colum customer"))
                .hasMessage("sticky_by: colum customer (expected: client_id, header NAME or column NAME). Did you mean"
                        + " 'column'?");
    }
}
