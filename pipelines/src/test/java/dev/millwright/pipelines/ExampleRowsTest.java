package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExampleRowsTest {
    private static final List<Input> COLUMNS =
            List.of(new Input("age", InputType.NUMBER), new Input("plan", InputType.TEXT));
    private static final List<Input> WIDE =
            List.of(new Input("X[0]", InputType.NUMBER), new Input("X[1]", InputType.NUMBER));

    private static Optional<Frame> read(String json, List<Input> columns) {
        return ExampleRows.read(json.getBytes(StandardCharsets.UTF_8), columns);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"columns\": [\"age\", \"plan\"], \"data\": [[1, \"a\"], [2, \"b\"]]}",
                "{\"columns\": [\"plan\", \"age\"], \"data\": [[\"a\", 1], [\"b\", 2]]}",
                "{\"dataframe_split\": {\"columns\": [\"age\", \"plan\"], \"data\": [[1, \"a\"], [2, \"b\"]]}}",
                "{\"dataframe_records\": [{\"plan\": \"a\", \"age\": 1}, {\"plan\": \"b\", \"age\": 2}]}",
                "{\"inputs\": {\"age\": [[1], [2]], \"plan\": [[\"a\"], [\"b\"]]}}",
                "{\"inputs\": {\"age\": [1, 2], \"plan\": [\"a\", \"b\"]}}",
                "[{\"age\": 1, \"plan\": \"a\"}, {\"age\": 2, \"plan\": \"b\"}]"
            })
    void readsNamedColumns_inEachFormThatMlflowWrites(String json) {
        Frame frame = read(json, COLUMNS).orElseThrow();

        assertThat(((FeatureColumn.Numeric) frame.columns().get(0)).values()).containsExactly(1, 2);
        assertThat(((FeatureColumn.Text) frame.columns().get(1)).values()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"inputs\": [[1, 2.5], [3, 4]]}",
                "{\"instances\": [[1, 2.5], [3, 4]]}",
                "{\"columns\": [\"a\", \"b\"], \"data\": [[1, 2.5], [3, 4]]}",
                "[[1, 2.5], [3, 4]]"
            })
    void readsTheColumnsOfATensor_byTheirPlace(String json) {
        Frame frame = read(json, WIDE).orElseThrow();

        assertThat(((FeatureColumn.Numeric) frame.columns().get(0)).values()).containsExactly(1, 3);
        assertThat(((FeatureColumn.Numeric) frame.columns().get(1)).values()).containsExactly(2.5f, 4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "{}",
                "[]",
                "3",
                "null",
                "{\"inputs\": []}",
                "{\"inputs\": [[1]]}",
                "{\"inputs\": [[1, 2, 3]]}",
                "{\"inputs\": [[1, \"x\"]]}",
                "{\"inputs\": [[1, null]]}",
                "{\"inputs\": [1, 2]}",
                "{\"inputs\": {\"X\": [[1, 2]]}}",
                "{\"inputs\": [[[1, 2]]]}",
                "{\"inputs\": [[1, 1e39]]}"
            })
    void saysSo_whenThereAreNoRowsForTheColumns(String json) {
        assertThat(read(json, WIDE)).isEmpty();
    }

    @Test
    void keepsNoMoreThanSomeHundreds() {
        String rows = "[1, 2],".repeat(1000);

        assertThat(read("{\"inputs\": [" + rows + "[1, 2]]}", WIDE))
                .hasValueSatisfying(frame -> assertThat(frame.rows()).isEqualTo(400));
    }

    @Test
    void madeUpRows_areAlwaysTheSame_andWithinTheTypes() {
        Frame frame = ExampleRows.madeUp(COLUMNS, List.of(true, false));

        assertThat(frame.rows()).isEqualTo(64);
        for (float value : ((FeatureColumn.Numeric) frame.columns().getFirst()).values()) {
            assertThat(value).isBetween(0f, 9f).isEqualTo((float) Math.rint(value));
        }
        assertThat(((FeatureColumn.Text) frame.columns().get(1)).values())
                .isEqualTo(((FeatureColumn.Text) ExampleRows.madeUp(COLUMNS, List.of(true, false))
                                .columns()
                                .get(1))
                        .values());
    }
}
