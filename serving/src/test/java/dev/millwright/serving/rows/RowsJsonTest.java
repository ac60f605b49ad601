package dev.millwright.serving.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowsJsonTest {
    private static float[] numbers(Frame rows, String column) {
        return ((FeatureColumn.Numeric) rows.column(column)).values();
    }

    @Test
    void readsPlainRows() {
        for (String json : List.of(
                "[{'amount':1,'age':null,'city':'x'},{'amount':true,'city':null}]",
                "{'amount':1,'age':null,'city':'x'}\n{'city':null,'amount':true}\n")) {
            Frame rows = RowsJson.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), Signatures.BINARY);
            assertThat(rows.rows()).isEqualTo(2);
            assertThat(numbers(rows, "amount")).containsExactly(1, 1);
            assertThat(numbers(rows, "age")).containsExactly(Float.NaN, Float.NaN);
            assertThat(((FeatureColumn.Text) rows.column("city")).values()).containsExactly("x", "");
        }
    }

    @Test
    void rejectsPlainRowsThatAreWrong_allAtOnce() {
        String json = "[{\"amount\":\"1\",\"ages\":2,\"city\":3}]";
        assertThatThrownBy(() -> RowsJson.read(json.getBytes(StandardCharsets.UTF_8), Signatures.BINARY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("rows[0].amount: 1 (expected: number)")
                .hasMessageContaining("rows[0].ages: unknown (expected: a column of the model). Did you mean 'age'?")
                .hasMessageContaining("rows[0].city: 3 (expected: text)")
                .hasMessageContaining("rows: without age (expected: every column");
        assertThatThrownBy(() -> RowsJson.read("[]".getBytes(StandardCharsets.UTF_8), Signatures.BINARY))
                .hasMessageContaining("rows: none");
        assertThatThrownBy(() -> RowsJson.read("[[1]]".getBytes(StandardCharsets.UTF_8), Signatures.BINARY))
                .hasMessageContaining("rows: not a list of objects");
    }

    @Test
    void asksForTheColumnsThatRowsLack_andSaysWhatToAdd() {
        byte[] rows = "[{\"age\": 1}, {\"age\": 2}]".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> RowsJson.read(rows, Signatures.BINARY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("rows: without amount, city (expected: every column of the model")
                .hasMessageContaining("Add to a row: \"amount\": null, \"city\": null");
    }
}
