package dev.millwright.serving.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Task;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tensors of several columns, as models of clients take them, in the Open Inference Protocol. */
class WideInputsTest {
    private static final ModelSignature SIGNATURE = new ModelSignature(
            Task.REGRESSION,
            List.of(
                    new Input("X[0]", InputType.NUMBER),
                    new Input("X[1]", InputType.NUMBER),
                    new Input("X[2]", InputType.NUMBER),
                    new Input("plan", InputType.TEXT)),
            List.of(),
            0.5);
    private static final FeatureTensors TENSORS = new FeatureTensors(SIGNATURE);
    private static final String PLAN =
            ", {'name': 'plan', 'shape': [2, 1], 'datatype': 'BYTES', 'data': ['basic', 'plus']}]}";

    private static Frame read(String json) {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return TENSORS.rows(OpenInferenceJson.readRequest(body, body.length, NumberForm.FLOATS));
    }

    private static List<float[]> numbers(Frame frame) {
        return frame.columns().stream()
                .filter(FeatureColumn.Numeric.class::isInstance)
                .map(column -> ((FeatureColumn.Numeric) column).values())
                .toList();
    }

    @Test
    void takesATensorApart_intoItsColumns() {
        for (String data : List.of("[1, 2, 3, 4, 5, null]", "[[1, 2, 3], [4, 5, null]]")) {
            Frame frame =
                    read("{'inputs': [{'name': 'X', 'shape': [2, 3], 'datatype': 'FP64', 'data': " + data + "}" + PLAN);

            assertThat(frame.rows()).isEqualTo(2);
            assertThat(numbers(frame))
                    .containsExactly(new float[] {1, 4}, new float[] {2, 5}, new float[] {3, Float.NaN});
        }
    }

    @Test
    void takesTheColumnsOneByOne() {
        Frame frame = read("{'inputs': [{'name': 'X[2]', 'shape': [2], 'datatype': 'FP32', 'data': [3, 6]},"
                + "{'name': 'X[0]', 'shape': [2], 'datatype': 'FP32', 'data': [1, 4]},"
                + "{'name': 'X[1]', 'shape': [2, 1], 'datatype': 'FP32', 'data': [2, 5]}" + PLAN);

        assertThat(numbers(frame)).containsExactly(new float[] {1, 4}, new float[] {2, 5}, new float[] {3, 6});
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'shape': [2, 2], 'datatype': 'FP32', 'data': [1, 2, 3, 4]|inputs[0].shape: [2,2] (expected: [-1,3]). Input: X",
                "'shape': [6], 'datatype': 'FP32', 'data': [1, 2, 3, 4, 5, 6]|inputs[0].shape: [6] (expected: [-1,3])",
                "'shape': [2, 3], 'datatype': 'FP32', 'data': [1, 2, 3, 4, 5]|inputs[0].data: 5 values (expected: 6, as shape [2,3] says). Input: X",
                "'shape': [3, 3], 'datatype': 'FP32', 'data': [1, 2, 3, 4, 5, 6, 7, 8, 9]|inputs[1].shape: [2,1] (expected: 3 rows",
                "'datatype': 'FP32', 'data': [1, 2, 3, 4, 5, 6]|inputs[0].shape: missing (expected: [6,1]",
                "'shape': [2, 3], 'datatype': 'BYTES', 'data': ['1', '2', '3', '4', '5', '6']|inputs[0].datatype: BYTES (expected: FP32",
                "'shape': [2, 3], 'datatype': 'FP32', 'data': [1, 2, 3, 4, 5, 'x']|inputs[0].data: a string"
            })
    void saysOnceWhatIsWrongWithATensor(String tensor, String message) {
        assertThatThrownBy(() -> read("{'inputs': [{'name': 'X', " + tensor + "}" + PLAN))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refused -> assertThat(refused.problems()).hasSize(1))
                .hasMessageContaining(message);
    }

    @Test
    void saysWhichTensorIsMissing() {
        assertThatThrownBy(() -> read("{'inputs': [" + PLAN.substring(2)))
                .hasMessage("inputs: X is missing (expected: a tensor for each input)");
        assertThatThrownBy(() ->
                        read("{'inputs': [{'name': 'X[0]', 'shape': [2], 'datatype': 'FP32', 'data': [1, 4]}" + PLAN))
                .hasMessageContaining("inputs: X[1] is missing")
                .hasMessageContaining("inputs: X[2] is missing");
    }

    @Test
    void refusesATensorBesideItsColumns() {
        assertThatThrownBy(() -> read(
                        "{'inputs': [{'name': 'X', 'shape': [2, 3], 'datatype': 'FP32', 'data': [1, 2, 3, 4, 5, 6]},"
                                + "{'name': 'X[0]', 'shape': [2], 'datatype': 'FP32', 'data': [1, 4]}" + PLAN))
                .hasMessageContaining("inputs[1].name: X[0] a second time");
    }

    @Test
    void describesTheTensor_notItsColumns() {
        String metadata = new String(
                OpenInferenceJson.writeMetadata("m", List.of("1"), TENSORS.inputs(), TENSORS.outputs()),
                StandardCharsets.UTF_8);

        assertThat(metadata)
                .contains("{\"name\":\"X\",\"datatype\":\"FP32\",\"shape\":[-1,3]},{\"name\":\"plan\"")
                .doesNotContain("X[");
    }

    @Test
    void knowsWhereAColumnStands() {
        WideInputs wide = WideInputs.of(SIGNATURE);

        assertThat(wide.names()).containsExactly("X");
        assertThat(wide.findPlace("X[1]")).contains(new WideInputs.Place("X", 1, 3));
        assertThat(wide.findPlace("plan")).isEqualTo(Optional.empty());
    }
}
