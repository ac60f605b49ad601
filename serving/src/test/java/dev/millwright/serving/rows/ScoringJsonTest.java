package dev.millwright.serving.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import dev.millwright.serving.InferenceResult;
import dev.millwright.serving.protocol.FeatureTensors;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and answers as MLflow's clients know them. */
final class ScoringJsonTest {
    private static Frame read(String json, ModelSignature signature) {
        return ScoringJson.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), RequestColumns.of(signature));
    }

    static List<Object> row(Frame frame, int row) {
        return frame.columns().stream()
                .map(column -> switch (column) {
                    case FeatureColumn.Numeric numeric -> (Object) numeric.values()[row];
                    case FeatureColumn.Text text -> text.values()[row];
                })
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'dataframe_split': {'index': [7, 8], 'columns': ['age', 'amount', 'city'], 'data': [[null, 1, 'x'], [2, true, null]]}}",
                "{'dataframe_split': {'data': [[null, 1, 'x'], [2, true, null]], 'columns': ['age', 'amount', 'city']}}",
                "{'dataframe_split': {'data': [[1, null, 'x'], [true, 2, null]]}}",
                "{'dataframe_split': {'columns': [0, 1, 2], 'data': [[1, NaN, 'x'], [1.0, 2, NaN]]}}",
                "{'dataframe_records': [{'amount': 1, 'age': null, 'city': 'x'}, {'amount': 1, 'age': 2}]}",
                "{'instances': [{'amount': 1, 'age': null, 'city': 'x'}, {'amount': [1], 'age': [2], 'city': ['']}]}",
                "{'instances': [[1, null, 'x'], [1, 2, '']], 'params': {}}",
                "{'inputs': {'amount': [1, 1], 'age': [[null], [2]], 'city': [['x'], ['']]}, 'params': null}",
                "{'inputs': [[1, null, 'x'], [1, 2, '']]}",
                "{'inputs': [{'amount': 1, 'age': null, 'city': 'x'}, {'amount': 1, 'age': 2}]}"
            })
    void readsEveryForm(String json) {
        Frame frame = read(json, Signatures.BINARY);

        assertThat(frame.rows()).isEqualTo(2);
        assertThat(row(frame, 0)).containsExactly(1f, Float.NaN, "x");
        assertThat(row(frame, 1)).containsExactly(1f, 2f, "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'inputs': {'X': [[1, 2], [3, 4]], 'plan': ['a', 'b']}}",
                "{'instances': [{'X': [1, 2], 'plan': 'a'}, {'X': [[3], [4]], 'plan': 'b'}]}",
                "{'instances': [[[1, 2], 'a'], [3, 4, 'b']]}",
                "{'dataframe_split': {'columns': ['plan', 'X'], 'data': [['a', [1, 2]], ['b', [3, 4]]]}}",
                "{'dataframe_records': [{'X[0]': 1, 'X[1]': 2, 'plan': 'a'}, {'X': [3, 4], 'plan': 'b'}]}"
            })
    void takesTensorsApart_intoTheirColumns(String json) {
        Frame frame = read(json, Signatures.WIDE);

        assertThat(row(frame, 0)).containsExactly(1f, 2f, "a");
        assertThat(row(frame, 1)).containsExactly(3f, 4f, "b");
    }

    @Test
    void takesOneRow_asValuesWithoutLists() {
        assertThat(row(read("{'inputs': {'amount': 1, 'age': 2, 'city': 'x'}}", Signatures.BINARY), 0))
                .containsExactly(1f, 2f, "x");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|body: not an object (expected: {\"dataframe_records\": [{\"amount\": …}, …]}, or another of",
                "{|body: not JSON at line 1",
                "{}|body: no rows (expected: one of dataframe_split, dataframe_records, instances, inputs)",
                "{'dataframe_record': []}|Did you mean 'dataframe_records'?",
                "{'instances': [[1, 2, 'x']], 'inputs': []}|inputs: beside instances (expected: rows in one form only)",
                "{'instances': [[1, 2, 'x']], 'params': {'temperature': 1}}|params.temperature: unknown (expected: none, for the model takes no parameters)",
                "{'instances': [[1, 2, 'x']], 'params': 3}|params: not an object",
                "{'instances': [[1, 2, 'x']]} {}|body: more after its end",
                "{'instances': []}|instances: none (expected: at least one)",
                "{'instances': 3}|instances: not a list (expected: a list of objects, or of lists)",
                "{'instances': [[1, 2]]}|instances[0]: 2 values (expected: 3: amount, age, city)",
                "{'instances': [[1, 2, 'x'], 4]}|instances[1]: 1 value (expected: 3: amount, age, city)",
                "{'instances': [[1, 'old', 'x']]}|instances[0].age: old (expected: number)",
                "{'instances': [[1, 2, 3]]}|instances[0].city: 3 (expected: text)",
                "{'instances': [[1, {'a': 2}, 'x']]}|instances[0].age: start_object (expected: number)",
                "{'instances': [[1, 1e99, 'x']]}|instances[0].age: 1e99 (expected: number)",
                "{'instances': [[1, -Infinity, 'x']]}|instances[0].age: -Infinity (expected: number)",
                "{'dataframe_records': [[1, 2, 'x']]}|dataframe_records: not objects (expected: a list of objects). Send lists as instances or inputs.",
                "{'dataframe_records': [{'amount': 1, 'aeg': 2, 'city': ''}]}|dataframe_records[0].aeg: unknown (expected: a column of the model). Did you mean 'age'?",
                "{'dataframe_records': [{'amount': 1, 'city': ''}]}|dataframe_records: without age (expected: every column of the model, null where it is not known). Add to a row: \"age\": null",
                "{'dataframe_split': []}|dataframe_split: not an object",
                "{'dataframe_split': {'columns': ['amount', 'ag', 'city'], 'data': []}}|dataframe_split.columns: ag: unknown (expected: a column of the model). Did you mean 'age'?",
                "{'dataframe_split': {'columns': ['amount', 'age', 'age'], 'data': []}}|dataframe_split.columns: age twice",
                "{'dataframe_split': {'columns': ['amount', ['age']], 'data': []}}|dataframe_split.columns[1]: not a name",
                "{'dataframe_split': {'columns': ['amount', 'age', 'city'], 'data': [[1, 2, ''], [1, 2]]}}|dataframe_split.data[1]: 2 values (expected: 3, one a column)",
                "{'dataframe_split': {'columns': ['amount', 'age', 'city'], 'data': [[1, 2, ''], 3]}}|dataframe_split.data[1]: not a list",
                "{'dataframe_split': {'columns': ['amount', 'age', 'city'], 'data': [[1, 'x', '']]}}|dataframe_split.data[0].age: x (expected: number)",
                "{'dataframe_split': {'dtypes': [], 'data': [[1, 2, '']]}}|dataframe_split.dtypes: unknown (expected: columns, data and index)",
                "{'inputs': {'amount': [1, 2], 'age': [1], 'city': ['', '']}}|inputs.age: 1 rows (expected: 2, as in the columns before)",
                "{'inputs': {'amount': [1, 2], 'age': [1, 'x'], 'city': ['', '']}}|inputs.age[1]: x (expected: number)",
                "{'inputs': {'amount': [1], 'amount': [1], 'age': [1], 'city': ['']}}|inputs.amount: twice",
                "{'inputs': {'amount': [[1, 2]], 'age': [1], 'city': ['']}}|inputs.amount[0]: 2 values (expected: 1)"
            })
    void refusesWhatIsWrong_withItsPlace(String json, String message) {
        assertThatThrownBy(() -> read(json, Signatures.BINARY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void reportsEverythingAtOnce_butNotWithoutEnd() {
        String rows = IntStream.range(0, 50).mapToObj(i -> "['x', 1, 2]").collect(Collectors.joining(","));

        assertThatThrownBy(() -> read("{'instances': [" + rows + "]}", Signatures.BINARY))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refused -> assertThat(refused.problems()).hasSize(20));
    }

    @Test
    void refusesMoreRowsThanItTakes() {
        String rows = "[1, 2, 'x'],".repeat(FeatureTensors.LARGEST_ROWS) + "[1, 2, 'x']";

        assertThatThrownBy(() -> read("{'instances': [" + rows + "]}", Signatures.BINARY))
                .hasMessage("rows: more than 10000 (expected: at most that many at once)");
    }

    @Test
    void shortensWhatIsLong() {
        String name = "n".repeat(40_000);

        assertThatThrownBy(() -> read(
                        "{'" + name + "': 1, 'instances': [{'" + name + "': 1, 'age': '" + name + "'}]}",
                        Signatures.BINARY))
                .satisfies(refused -> assertThat(refused.getMessage()).hasSizeLessThan(1000));
    }

    @Test
    void passesOver_whatOnlyAnotherVersionTakes() {
        RequestColumns columns = RequestColumns.of(Signatures.BINARY, List.of(Signatures.WIDE, Signatures.BINARY));
        for (String json : List.of(
                "{'dataframe_records': [{'amount': 1, 'age': 2, 'city': 'x', 'X': [1, 2], 'plan': {}}]}",
                "{'dataframe_split': {'columns': ['X[0]', 'amount', 'age', 'city'], 'data': [[3, 1, 2, 'x']]}}",
                "{'inputs': {'X': [[1, 2]], 'amount': [1], 'age': [2], 'city': ['x']}}")) {
            Frame frame = ScoringJson.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), columns);
            assertThat(row(frame, 0)).containsExactly(1f, 2f, "x");
        }
    }

    @Test
    void answersWithLabelsAndProbabilities_andIds() {
        InferenceResult result = new InferenceResult(
                "0198",
                "churn",
                3,
                new Predictions.Classes(List.of("no", "yes"), new float[] {0.25f, 0.75f}, new int[] {1}),
                5);

        assertThat(new String(ScoringJson.write(result), StandardCharsets.UTF_8).replace('"', '\''))
                .isEqualTo("{'predictions':[{'label':'yes','probabilities':{'no':0.25,'yes':0.75}}],"
                        + "'prediction_ids':['0198-0'],'endpoint':'churn','model_version':3}");
    }

    @Test
    void answersARegression_withNumbers() {
        InferenceResult result =
                new InferenceResult("0198", "price", 1, new Predictions.Values(new float[] {1.5f, Float.NaN}), 5);

        assertThat(new String(ScoringJson.write(result), StandardCharsets.UTF_8).replace('"', '\''))
                .isEqualTo("{'predictions':[1.5,null],'prediction_ids':['0198-0','0198-1'],'endpoint':'price',"
                        + "'model_version':1}");
    }

    @Test
    void describesRequestAndAnswer() {
        String wide = ScoringSchema.of("price", 1, Signatures.WIDE).toString().replace('"', '\'');
        assertThat(wide)
                .contains("'$schema':'https://json-schema.org/draft/2020-12/schema'")
                .contains(
                        "'properties':{'X':{'type':'array','items':{'type':['number','null']},'minItems':2,'maxItems':2},"
                                + "'plan':{'type':['string','null']}},'required':['X','plan'],'additionalProperties':false")
                .contains("'predictions':{'type':'array','items':{'type':['number','null']}");
        assertThat(ScoringSchema.of("churn", 1, Signatures.BINARY).toString().replace('"', '\''))
                .contains("'label':{'type':'string','enum':['no','yes']}")
                .contains("'maxItems':10000");
    }
}
