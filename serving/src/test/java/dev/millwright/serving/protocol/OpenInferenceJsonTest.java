package dev.millwright.serving.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenInferenceJsonTest {
    private static final String AMOUNT = "{'name':'amount','shape':[2,1],'datatype':'FP32','data':[1.5,null]}";
    private static final String AGE = "{'name':'age','shape':[2],'datatype':'INT64','data':[30,40]}";
    private static final String CITY = "{'name':'city','shape':[2,1],'datatype':'BYTES','data':['Auckland',null]}";

    private static final List<Input> INPUTS = List.of(
            new Input("amount", InputType.NUMBER),
            new Input("age", InputType.NUMBER),
            new Input("city", InputType.TEXT));
    private static final FeatureTensors BINARY =
            new FeatureTensors(new ModelSignature(Task.BINARY, INPUTS, List.of("no", "yes"), 0.5));

    private static InferRequest read(String json) {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return OpenInferenceJson.readRequest(body, body.length, NumberForm.FLOATS);
    }

    private static Frame rows(String json) {
        return BINARY.rows(read(json));
    }

    private static String request(String... tensors) {
        return "{'inputs':[" + String.join(",", tensors) + "]}";
    }

    private static float[] numbers(Frame rows, String column) {
        return ((FeatureColumn.Numeric) rows.column(column)).values();
    }

    @Test
    void readsTensorsInAnyOrder_flat() {
        InferRequest request = read("{'id':'client-7','parameters':{'a':{'b':1}},'inputs':[" + CITY + "," + AGE + ","
                + AMOUNT + "],'outputs':[{'name':'probabilities','parameters':{'binary_data':false}}]}");
        assertThat(request.id()).contains("client-7");
        assertThat(request.outputs()).containsExactly(new RequestedOutput("probabilities", TensorForm.JSON));
        Frame rows = BINARY.rows(request);
        assertThat(rows.columns()).extracting(FeatureColumn::name).containsExactly("amount", "age", "city");
        assertThat(numbers(rows, "amount")).containsExactly(1.5f, Float.NaN);
        assertThat(numbers(rows, "age")).containsExactly(30, 40);
        assertThat(((FeatureColumn.Text) rows.column("city")).values()).containsExactly("Auckland", "");
    }

    @Test
    void readsNestedData_membersInAnyOrder_andBooleans() {
        Frame rows = rows(request(
                "{'data':[[true],[false]],'datatype':'BOOL','shape':[2,1],'name':'amount'}",
                "{'data':[[30.25],[null]],'datatype':'FP64','shape':[2,1],'name':'age'}",
                "{'data':[['a'],['b']],'shape':[2,1],'datatype':'BYTES','name':'city'}"));
        assertThat(numbers(rows, "amount")).containsExactly(1, 0);
        assertThat(numbers(rows, "age")).containsExactly(30.25f, Float.NaN);
    }

    @Test
    void reportsEverythingAtOnce() {
        assertThatThrownBy(() -> rows(request(
                        "{'name':'amuont','shape':[1],'datatype':'FP32','data':[1]}",
                        "{'name':'age','shape':[1],'datatype':'BYTES','data':['x']}")))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        e -> assertThat(e.problems()).hasSize(4))
                .hasMessageContaining(
                        "inputs[0].name: amuont (expected: an input of the model). Did you mean 'amount'?")
                .hasMessageContaining("inputs: amount is missing")
                .hasMessageContaining("inputs[1].datatype: BYTES (expected: FP32")
                .hasMessageContaining("inputs: city is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'name':'age','shape':[3],'datatype':'FP32','data':[1,2]}|data: 2 values (expected: 3, as shape [3] says)",
                "{'name':'age','shape':[1,2],'datatype':'FP32','data':[1,2]}|shape: [1,2] (expected: [-1,1])",
                "{'name':'age','shape':[2],'datatype':'FP32','data':[1,'x']}|data: a string (expected: numbers",
                "{'name':'age','shape':[2],'datatype':'FP32','data':[1,{'x':1}]}|data: an object (expected: numbers",
                "{'name':'age','shape':[2],'datatype':'FP32','data':[[[1]],[[2]]]}|data: nested 3 deep (expected: flat, or as shape [2] says)",
                "{'name':'age','shape':[2],'datatype':'FP32','data':[1,1e60]}|data: 1e60 (expected: a number within",
                "{'name':'age','shape':[2],'datatype':'FP17','data':[1,2]}|datatype: FP17 (expected: one of BOOL",
                "{'name':'age','shape':[2],'data':[1,2]}|datatype: missing",
                "{'name':'age','datatype':'FP32','data':[1,2]}|shape: missing (expected: [2,1]",
                "{'name':'age','datatype':'FP32','shape':'x','data':[1,2]}|shape: not understood",
                "{'name':'age','datatype':'FP32','shape':[2]}|data: missing",
                "{'name':'age','datatype':'FP32','shape':[2],'data':7}|data: not an array",
                "{'name':'age','datatype':'FP32','shape':[1],'data':[7]}|shape: [1] (expected: 2 rows, as in the inputs before)",
            })
    void rejectsATensorThatIsWrong(String tensor, String message) {
        assertThatThrownBy(() -> rows(request(AMOUNT, tensor, CITY)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("inputs[1]." + message)
                .hasMessageEndingWith("Input: age");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1]|body: not an object",
                "{'inputs':|body: not JSON at line 1, column",
                "{'inputs':[NaN]}|NaN (expected: a number, or null where it is missing)",
                "{}|inputs: missing",
                "{'inputs':{}}|inputs: not an array",
                "{'inputs':[1]}|inputs[0]: not an object",
                "{'id':7,'inputs':[]}|id: not a string",
                "{'inputs':[{'shape':[1]}]}|inputs[0].name: missing",
                "{'inputs':[],'outputs':[{'name':'probability'}]}|outputs[0].name: probability (expected: an output of the model). Did you mean 'probabilities'?",
                "{'inputs':[]} {}|body: more after its end",
            })
    void rejectsARequestThatIsWrong(String body, String message) {
        assertThatThrownBy(() -> rows(body))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void rejectsEndlessNestingAndTooManyRows() {
        assertThatThrownBy(() -> read("{'parameters':" + "[".repeat(100) + "]".repeat(100) + "}"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("more than is accepted");
        String many = Arrays.stream(new int[10_001]).mapToObj(i -> "1").collect(Collectors.joining(","));
        assertThatThrownBy(
                        () -> rows(request("{'name':'age','shape':[10001],'datatype':'FP32','data':[" + many + "]}")))
                .hasMessageContaining("inputs[0].shape: [10001] (expected: at most 10000 rows a request)");
    }

    @Test
    void writesLabelsAndProbabilities_withTheIdOfThePrediction() {
        Predictions predictions =
                new Predictions.Classes(List.of("no", "yes"), new float[] {0.75f, 0.25f, 0.1f, 0.9f}, new int[] {0, 1});
        assertThat(write(predictions, "{'id':'mine','inputs':[]}"))
                .isEqualTo("{'model_name':'churn','model_version':'3','id':'mine',"
                        + "'parameters':{'prediction_id':'0190-x'},'outputs':["
                        + "{'name':'label','datatype':'BYTES','shape':[2],'data':['no','yes']},"
                        + "{'name':'probabilities','datatype':'FP32','shape':[2,2],'data':[0.75,0.25,0.1,0.9]}]}");
        assertThat(write(predictions, "{'inputs':[],'outputs':[{'name':'label'},{'name':'prediction_id'}]}"))
                .contains("{'name':'prediction_id','datatype':'BYTES','shape':[2],'data':['0190-x-0','0190-x-1']}")
                .doesNotContain("probabilities");
    }

    @Test
    void writesValues_nullForWhatIsNoNumber() {
        assertThat(write(new Predictions.Values(new float[] {1.25f, Float.NaN}), "{'inputs':[]}"))
                .contains("{'name':'prediction','datatype':'FP32','shape':[2,1],'data':[1.25,null]}");
    }

    private static String write(Predictions predictions, String requestJson) {
        InferRequest request = read(requestJson);
        InferResponse response = new InferResponse(
                "churn",
                "3",
                request.id(),
                Map.of("prediction_id", "0190-x"),
                FeatureTensors.outputs(request, predictions, row -> "0190-x-" + row));
        return new String(OpenInferenceJson.writeResponse(request, response).body(), StandardCharsets.UTF_8)
                .replace('"', '\'');
    }

    @Test
    void describesTheModel() {
        assertThat(new String(
                                OpenInferenceJson.writeMetadata(
                                        "m", List.of("1", "2"), BINARY.inputs(), BINARY.outputs()),
                                StandardCharsets.UTF_8)
                        .replace('"', '\''))
                .isEqualTo("{'name':'m','versions':['1','2'],'platform':'onnx_onnxv1','inputs':["
                        + "{'name':'amount','datatype':'FP32','shape':[-1,1]},"
                        + "{'name':'age','datatype':'FP32','shape':[-1,1]},"
                        + "{'name':'city','datatype':'BYTES','shape':[-1,1]}],'outputs':["
                        + "{'name':'label','datatype':'BYTES','shape':[-1]},"
                        + "{'name':'probabilities','datatype':'FP32','shape':[-1,2]}]}");
    }

    @Test
    void saysWhatIsTooLarge_inItsOwnWords() {
        String body = "{\"id\": \"" + "x".repeat(3_000_000) + "\"}";

        assertThatThrownBy(() -> read(body))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("body: more than is accepted: a text of more than 1048576 characters");
    }
}
