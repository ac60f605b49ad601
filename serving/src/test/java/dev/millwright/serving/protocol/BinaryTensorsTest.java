package dev.millwright.serving.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The binary tensor extension. */
class BinaryTensorsTest {
    private static final HexFormat HEX = HexFormat.of();

    private static InferRequest read(String json, String hex) {
        byte[] head = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(head);
        body.writeBytes(HEX.parseHex(hex));
        return OpenInferenceJson.readRequest(body.toByteArray(), head.length, NumberForm.FLOATS);
    }

    private static String input(String name, String datatype, String shape, long bytes) {
        return "{'name':'" + name + "','datatype':'" + datatype + "','shape':" + shape
                + ",'parameters':{'binary_data_size':" + bytes + "}}";
    }

    @Test
    void readsTensorsOneAfterTheOther_besideOnesInTheJson() {
        InferRequest request = read(
                "{'inputs':[" + input("a", "INT16", "[2,1]", 4)
                        + ",{'name':'b','datatype':'FP32','shape':[1],'data':[2.5]},"
                        + input("c", "BYTES", "[2]", 11) + "]}",
                "0100ffff" + "03000000e282ac" + "00000000");
        TensorValues.Packed packed =
                (TensorValues.Packed) request.inputs().get(0).values();
        assertThat(packed.number(Datatype.INT16, 0)).isEqualTo(1);
        assertThat(packed.number(Datatype.INT16, 1)).isEqualTo(-1);
        assertThat(((TensorValues.Floats) request.inputs().get(1).values()).values())
                .containsExactly(2.5f);
        assertThat(((TensorValues.Texts) request.inputs().get(2).values()).values())
                .containsExactly("€", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UINT8|[1]|ff|255",
                "INT8|[1]|ff|-1",
                "UINT16|[1]|ffff|65535",
                "UINT32|[1]|ffffffff|4294967295",
                "INT32|[1]|ffffffff|-1",
                "INT64|[1]|ffffffffffffffff|-1",
                "UINT64|[1]|0000000000000080|9.223372036854775808e18",
                "FP16|[1]|003e|1.5",
                "BF16|[1]|c03f|1.5",
                "FP64|[1]|000000000000f83f|1.5",
                "BOOL|[1]|01|1",
            })
    void readsEveryNumber(String datatype, String shape, String hex, double value) {
        Tensor tensor = read("{'inputs':[" + input("x", datatype, shape, hex.length() / 2) + "]}", hex)
                .inputs()
                .getFirst();
        assertThat(((TensorValues.Packed) tensor.values()).number(tensor.datatype(), 0))
                .isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FP32|[2]|8|00000000|parameters.binary_data_size: 8 (expected: at most the 4 bytes",
                "FP32|[2]|4|00000000|data: 4 bytes (expected: 8, as FP32[2] takes)",
                "FP32|[1]|4|0000000000|body: 1 bytes after the last tensor",
                "FP32|[4611686018427387904]|4|00000000|data: 4 bytes (expected: far more",
                "FP32|[9223372036854775807,9]|4|00000000|shape: [9223372036854775807,9] (expected: dimensions",
                "FP32|[1]|-4|00000000|parameters.binary_data_size: not a size",
                "FP32|[1]|99999999999999999999|00000000|parameters.binary_data_size: not a size",
                "BYTES|[1]|4|ffffffff|data: element 0 of 4294967295 bytes (expected: at most the 0",
                "BYTES|[2]|4|00000000|data: at most 1 texts (expected: 2",
                "BYTES|[1]|5|0100000080|data: element 0 is not UTF-8",
                "BYTES|[1]|6|010000004141|data: 1 bytes after the last of 1 texts",
            })
    void refusesSizesThatLie(String datatype, String shape, String size, String hex, String message) {
        assertThatThrownBy(() -> read(
                        "{'inputs':[{'name':'x','datatype':'" + datatype + "','shape':" + shape
                                + ",'parameters':{'binary_data_size':" + size + "}}]}",
                        hex))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesTruthValuesThatAreNeither() {
        assertThatThrownBy(() -> read(
                        "{'inputs':[" + input("n", "UINT8", "[1]", 1) + "," + input("x", "BOOL", "[3]", 3) + "]}",
                        "02" + "0100ff"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("inputs[1].data: element 2 is 255 (expected: 0 for false, or 1 for true). Input: x");
    }

    @Test
    void refusesDataInBothPlaces_andALengthBeyondTheBody() {
        assertThatThrownBy(() -> read(
                        "{'inputs':[{'name':'x','datatype':'INT8','shape':[1],'data':[1],'parameters':{'binary_data_size':1}}]}",
                        "00"))
                .hasMessageContaining("data: in the JSON and after it");
        assertThatThrownBy(() -> OpenInferenceJson.readRequest(new byte[3], 4, NumberForm.FLOATS))
                .hasMessageContaining("Inference-Header-Content-Length: 4 (expected: how many of the body's 3 bytes");
    }

    @Test
    void writesOutputsInTheFormInWhichTheyAreAskedFor() {
        InferRequest request = read(
                "{'inputs':[],'parameters':{'binary_data_output':true},'outputs':[{'name':'a'},"
                        + "{'name':'b','parameters':{'binary_data':false}},{'name':'c'}]}",
                "");
        EncodedBody encoded = OpenInferenceJson.writeResponse(
                request,
                new InferResponse(
                        "m",
                        "1",
                        request.id(),
                        Map.of(),
                        List.of(
                                Tensor.of("a", new float[] {1.5f}, 1),
                                Tensor.of("b", new float[] {2}, 1),
                                Tensor.of("c", new String[] {"€", ""}, 2))));
        String json = new String(encoded.body(), 0, encoded.jsonLength(), StandardCharsets.UTF_8);
        assertThat(json)
                .contains("\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[1],\"parameters\":{\"binary_data_size\":4}}")
                .contains("\"data\":[2.0]")
                .contains("{\"binary_data_size\":11}");
        assertThat(HEX.formatHex(encoded.body(), encoded.jsonLength(), encoded.body().length))
                .isEqualTo("0000c03f" + "03000000e282ac" + "00000000");
        assertThat(encoded.isBinary()).isTrue();
    }

    @Test
    void readsABodyThatIsTheOneTensor() {
        byte[] body = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1)
                .putFloat(2)
                .putFloat(3)
                .array();
        InferRequest request = OpenInferenceJson.readRaw(body, List.of(new TensorMetadata("x", Datatype.FP32, -1, 3)));
        assertThat(request.inputs().getFirst().shape()).containsExactly(1, 3);
        assertThat(request.form("any")).isEqualTo(TensorForm.BINARY);
        assertThat(OpenInferenceJson.readRaw(body, List.of(new TensorMetadata("x", Datatype.FP32, -1, -1)))
                        .inputs()
                        .getFirst()
                        .shape())
                .containsExactly(1, 3);

        TensorMetadata two = new TensorMetadata("x", Datatype.FP32, -1, 2);
        assertThatThrownBy(() -> OpenInferenceJson.readRaw(body, List.of(two)))
                .hasMessageContaining("data: 12 bytes (expected: 8, as FP32[1,2] takes)");
        assertThatThrownBy(() -> OpenInferenceJson.readRaw(body, List.of(two, two)))
                .hasMessageContaining("the model takes 2 inputs");
        assertThatThrownBy(() ->
                        OpenInferenceJson.readRaw(body, List.of(new TensorMetadata("x", Datatype.FP32, -1, -1, -1))))
                .hasMessageContaining("more than one dimension open");
    }
}
