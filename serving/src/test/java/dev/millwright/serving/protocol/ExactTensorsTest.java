package dev.millwright.serving.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tensors whose elements are kept as their datatype says. */
class ExactTensorsTest {
    private static InferRequest read(String json) {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return OpenInferenceJson.readRequest(body, body.length, NumberForm.EXACT);
    }

    private static InferRequest tensor(String datatype, String shape, String data) {
        return read(
                "{'inputs':[{'name':'x','shape':" + shape + ",'datatype':'" + datatype + "','data':" + data + "}]}");
    }

    /** What comes back when the request's tensors are the answer. */
    private static String echo(InferRequest request) {
        InferResponse response = new InferResponse("m", "1", Optional.empty(), Map.of(), request.inputs());
        return new String(OpenInferenceJson.writeResponse(request, response).body(), StandardCharsets.UTF_8)
                .replace('"', '\'');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BOOL|[true,false,true]",
                "UINT8|[0,255]",
                "INT8|[-128,127]",
                "UINT16|[0,65535]",
                "INT16|[-32768,32767]",
                "UINT32|[0,4294967295]",
                "INT32|[-2147483648,2147483647]",
                "UINT64|[0,9007199254740993,18446744073709551615]",
                "INT64|[-9223372036854775808,9007199254740993,9223372036854775807]",
                "FP16|[0.5,-65504.0,null]",
                "BF16|[0.5,-3.0,null]",
                "FP32|[0.1,-3.4028235E38,null]",
                "FP64|[0.1,-1.7976931348623157E308,null]",
                "BYTES|['','日本語','a\\nb']",
            })
    void keepsEveryDatatype_toTheLastBit(String datatype, String data) {
        int count = data.split(",").length;
        assertThat(echo(tensor(datatype, "[" + count + "]", data)))
                .contains("'datatype':'" + datatype + "','shape':[" + count + "],'data':" + data + "}");
    }

    @Test
    void readsManyDimensions_nestedAsTheyAre_andDataBeforeItsDatatype() {
        InferRequest request = read("{'inputs':[{'data':[[[1,2],[3,4]],[[5,6],[9007199254740993,8]]],'name':'x',"
                + "'shape':[2,2,2],'datatype':'INT64'},{'name':'y','shape':[1],'datatype':'BOOL','data':[1]}]}");
        assertThat(echo(request))
                .contains("'shape':[2,2,2],'data':[1,2,3,4,5,6,9007199254740993,8]")
                .contains("'name':'y','datatype':'BOOL','shape':[1],'data':[true]");
    }

    @Test
    void readsAnEmptyTensor_andAScalar() {
        assertThat(tensor("FP64", "[0,3]", "[]").inputs().getFirst().count()).isZero();
        assertThat(tensor("INT32", "[]", "[7]").inputs().getFirst().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UINT8|[1]|[256]|data: 256 (expected: UINT8, a whole number from 0 to 255)",
                "INT8|[1]|[-129]|data: -129 (expected: INT8, a whole number from -128 to 127)",
                "UINT64|[1]|[18446744073709551616]|data: 18446744073709551616 (expected: UINT64, a whole number from 0 to 18446744073709551615)",
                "INT64|[1]|[9223372036854775808]|data: 9223372036854775808 (expected: INT64",
                "INT64|[1]|[1e999999999]|(expected: INT64",
                "INT32|[1]|[1.5]|data: 1.5 (expected: INT32",
                "BOOL|[1]|[2]|data: 2 (expected: BOOL, a whole number from 0 to 1)",
                "INT32|[1]|[null]|data: null (expected: a value",
                "BYTES|[1]|[null]|data: null (expected: a value",
                "BYTES|[1]|[1]|data: a number (expected: strings",
                "FP16|[1]|[70000]|data: 70000 (expected: a number that FP16 can hold)",
                "FP64|[1]|[1e999]|data: 1e999 (expected: a number that FP64 can hold)",
                "FP32|[1]|['1']|data: a string (expected: numbers, as datatype FP32 says)",
                "FP32|[2,-1]|[1]|shape: [2,-1] (expected: dimensions of at least 0",
                "FP32|[4294967296,4294967296]|[1]|shape: [4294967296,4294967296] (expected: dimensions",
                "FP32|[99999999999999999999]|[1]|shape: not understood",
                "FP32|[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]|[1]|shape: not understood",
                "FP32|[1000000000]|[1]|data: 1 values (expected: 1000000000",
            })
    void saysWhatDoesNotFit(String datatype, String shape, String data, String message) {
        assertThatThrownBy(() -> tensor(datatype, shape, data))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message)
                .hasMessageStartingWith("inputs[0].");
    }

    @Test
    void refusesWhatItDoesNotOffer() {
        assertThatThrownBy(() -> read("{'inputs':[{'name':'x','shape':[1],'datatype':'FP32',"
                        + "'parameters':{'shared_memory_region':'r','shared_memory_byte_size':4}}]}"))
                .hasMessageContaining("inputs[0].parameters.shared_memory_region: not supported");
        assertThatThrownBy(() ->
                        read("{'inputs':[],'outputs':[{'name':'y'},{'name':'z','parameters':{'classification':3}}]}"))
                .hasMessage("outputs[1].parameters.classification: not supported (expected: none). Leave it out");
    }

    @Test
    void readsParameters_thatSayHowLongToWait() {
        assertThat(read("{'inputs':[],'parameters':{'timeout':250000,'priority':1,'mine':{'a':1}}}"))
                .satisfies(request -> assertThat(request.timeoutMicros()).hasValue(250_000))
                .satisfies(request -> assertThat(request.parameters()).containsOnlyKeys("timeout", "priority"));
        assertThat(read("{'inputs':[]}").timeoutMicros()).isEmpty();
        assertThat(read("{'inputs':[]}").inputs()).isEqualTo(List.of());
    }
}
