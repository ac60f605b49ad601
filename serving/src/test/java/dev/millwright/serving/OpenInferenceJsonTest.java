package dev.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Predictions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenInferenceJsonTest {
    private static final String AMOUNT = "{'name':'amount','shape':[2,1],'datatype':'FP32','data':[1.5,null]}";
    private static final String AGE = "{'name':'age','shape':[2],'datatype':'INT64','data':[30,40]}";
    private static final String CITY = "{'name':'city','shape':[2,1],'datatype':'BYTES','data':['Auckland',null]}";

    private static InferRequest read(String json) {
        return OpenInferenceJson.readRequest(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), Models.BINARY);
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
        assertThat(request.outputs()).containsExactly("probabilities");
        assertThat(request.rows().columns()).extracting(FeatureColumn::name).containsExactly("amount", "age", "city");
        assertThat(numbers(request.rows(), "amount")).containsExactly(1.5f, Float.NaN);
        assertThat(numbers(request.rows(), "age")).containsExactly(30, 40);
        assertThat(((FeatureColumn.Text) request.rows().column("city")).values())
                .containsExactly("Auckland", "");
    }

    @Test
    void readsNestedData_membersInAnyOrder_andBooleans() {
        InferRequest request = read(request(
                "{'data':[[true],[false]],'datatype':'BOOL','shape':[2,1],'name':'amount'}",
                "{'data':[[30.25],[null]],'datatype':'FP64','shape':[2,1],'name':'age'}",
                "{'data':[['a'],['b']],'shape':[2,1],'datatype':'BYTES','name':'city'}"));
        assertThat(numbers(request.rows(), "amount")).containsExactly(1, 0);
        assertThat(numbers(request.rows(), "age")).containsExactly(30.25f, Float.NaN);
    }

    @Test
    void reportsEverythingAtOnce() {
        assertThatThrownBy(() -> read(request(
                        "{'name':'amuont','shape':[1],'datatype':'FP32','data':[1]}",
                        "{'name':'age','shape':[1],'datatype':'BYTES','data':['x']}")))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        e -> assertThat(e.problems()).hasSize(4))
                .hasMessageContaining(
                        "inputs.amuont: unknown (expected: a column of the model). Did you mean 'amount'?")
                .hasMessageContaining("inputs.amount: missing")
                .hasMessageContaining("inputs.age.datatype: BYTES (expected: FP32")
                .hasMessageContaining("inputs.city: missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'name':'age','shape':[3],'datatype':'FP32','data':[1,2]}|data: 2 values (expected: 3, as shape [3] says)",
                "{'name':'age','shape':[1,2],'datatype':'FP32','data':[1,2]}|shape: [1, 2] (expected: [rows] or [rows, 1]",
                "{'name':'age','shape':[2],'datatype':'FP32','data':[1,'x']}|data: a string (expected: numbers",
                "{'name':'age','shape':[2],'datatype':'FP32','data':[1,{'x':1}]}|data: an object (expected: numbers",
                "{'name':'age','shape':[2],'datatype':'FP32','data':[[[1]],[[2]]]}|data: nested deeper than 2",
                "{'name':'age','shape':[2],'datatype':'FP32','data':[1,1e60]}|data: 1e60 (expected: a number within",
                "{'name':'age','shape':[2],'datatype':'FP16','data':[1,2]}|datatype: FP16 (expected: FP32",
                "{'name':'age','shape':[2],'data':[1,2]}|datatype: missing",
                "{'name':'age','datatype':'FP32','data':[1,2]}|shape: missing (expected: [2, 1])",
                "{'name':'age','datatype':'FP32','shape':'x','data':[1,2]}|shape: not understood",
                "{'name':'age','datatype':'FP32','shape':[2]}|data: missing",
                "{'name':'age','datatype':'FP32','shape':[2],'data':7}|data: not an array",
                "{'name':'age','datatype':'FP32','shape':[1],'data':[7]}|data: 1 rows (expected: 2, as in the inputs before)",
            })
    void rejectsATensorThatIsWrong(String tensor, String message) {
        assertThatThrownBy(() -> read(request(AMOUNT, tensor, CITY)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("inputs.age." + message);
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
                "{'inputs':[1]}|inputs: not objects",
                "{'id':7,'inputs':[]}|id: not a string",
                "{'inputs':[{'shape':[1]}]}|inputs: a tensor without a name",
                "{'inputs':[],'outputs':[{'name':'probability'}]}|outputs.probability: unknown",
                "{'inputs':[]} {}|body: more after its end",
            })
    void rejectsARequestThatIsWrong(String body, String message) {
        assertThatThrownBy(() -> read(body))
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
                        () -> read(request("{'name':'age','shape':[10001],'datatype':'FP32','data':[" + many + "]}")))
                .hasMessageContaining("inputs.age.data: more than 10000 values");
    }

    @Test
    void writesLabelsAndProbabilities_withTheIdOfThePrediction() {
        Predictions predictions =
                new Predictions.Classes(List.of("no", "yes"), new float[] {0.75f, 0.25f, 0.1f, 0.9f}, new int[] {0, 1});
        InferenceResult result = new InferenceResult("0190-x", "churn", 3, predictions, 1000);
        assertThat(write(Optional.of("mine"), result, List.of()))
                .isEqualTo("{'model_name':'churn','model_version':'3','id':'mine',"
                        + "'parameters':{'prediction_id':'0190-x'},'outputs':["
                        + "{'name':'label','datatype':'BYTES','shape':[2],'data':['no','yes']},"
                        + "{'name':'probabilities','datatype':'FP32','shape':[2,2],'data':[0.75,0.25,0.1,0.9]}]}");
        assertThat(write(Optional.empty(), result, List.of("label", "prediction_id")))
                .contains("{'name':'prediction_id','datatype':'BYTES','shape':[2],'data':['0190-x-0','0190-x-1']}")
                .doesNotContain("probabilities");
    }

    @Test
    void writesValues_nullForWhatIsNoNumber() {
        InferenceResult result =
                new InferenceResult("p", "rent", 1, new Predictions.Values(new float[] {1.25f, Float.NaN}), 1000);
        assertThat(write(Optional.empty(), result, List.of()))
                .contains("{'name':'prediction','datatype':'FP32','shape':[2,1],'data':[1.25,null]}");
    }

    private static String write(Optional<String> id, InferenceResult result, List<String> outputs) {
        return new String(OpenInferenceJson.writeResponse(id, result, outputs), StandardCharsets.UTF_8)
                .replace('"', '\'');
    }

    @Test
    void describesTheModel() {
        assertThat(new String(
                                OpenInferenceJson.writeMetadata("m", List.of("1", "2"), Models.MULTICLASS),
                                StandardCharsets.UTF_8)
                        .replace('"', '\''))
                .isEqualTo("{'name':'m','versions':['1','2'],'platform':'onnx_onnxv1','inputs':["
                        + "{'name':'amount','datatype':'FP32','shape':[-1,1]},"
                        + "{'name':'age','datatype':'FP32','shape':[-1,1]},"
                        + "{'name':'city','datatype':'BYTES','shape':[-1,1]}],'outputs':["
                        + "{'name':'label','datatype':'BYTES','shape':[-1]},"
                        + "{'name':'probabilities','datatype':'FP32','shape':[-1,3]}]}");
    }

    @Test
    void readsPlainRows() {
        for (String json : List.of(
                "[{'amount':1,'age':null,'city':'x'},{'amount':true,'city':null}]",
                "{'amount':1,'age':null,'city':'x'}\n{'city':null,'amount':true}\n")) {
            Frame rows = RowsJson.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), Models.BINARY);
            assertThat(rows.rows()).isEqualTo(2);
            assertThat(numbers(rows, "amount")).containsExactly(1, 1);
            assertThat(numbers(rows, "age")).containsExactly(Float.NaN, Float.NaN);
            assertThat(((FeatureColumn.Text) rows.column("city")).values()).containsExactly("x", "");
        }
    }

    @Test
    void rejectsPlainRowsThatAreWrong_allAtOnce() {
        String json = "[{\"amount\":\"1\",\"ages\":2,\"city\":3}]";
        assertThatThrownBy(() -> RowsJson.read(json.getBytes(StandardCharsets.UTF_8), Models.BINARY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("rows[0].amount: 1 (expected: number)")
                .hasMessageContaining("rows[0].ages: unknown (expected: a column of the model). Did you mean 'age'?")
                .hasMessageContaining("rows[0].city: 3 (expected: text)")
                .hasMessageContaining("rows: without age (expected: every column");
        assertThatThrownBy(() -> RowsJson.read("[]".getBytes(StandardCharsets.UTF_8), Models.BINARY))
                .hasMessageContaining("rows: none");
        assertThatThrownBy(() -> RowsJson.read("[[1]]".getBytes(StandardCharsets.UTF_8), Models.BINARY))
                .hasMessageContaining("rows: not a list of objects");
    }

    @Test
    void saysWhatIsTooLarge_inItsOwnWords() {
        String body = "{\"id\": \"" + "x".repeat(3_000_000) + "\"}";

        assertThatThrownBy(() -> OpenInferenceJson.readRequest(body.getBytes(StandardCharsets.UTF_8), Models.BINARY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("body: more than is accepted: a text of more than 1048576 characters");
    }

    @Test
    void asksForTheColumnsThatRowsLack_andSaysWhatToAdd() {
        byte[] rows = "[{\"age\": 1}, {\"age\": 2}]".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> RowsJson.read(rows, Models.BINARY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("rows: without amount, city (expected: every column of the model")
                .hasMessageContaining("Add to a row: \"amount\": null, \"city\": null");
    }
}
