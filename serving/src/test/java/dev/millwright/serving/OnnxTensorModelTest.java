package dev.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.serving.protocol.InferRequest;
import dev.millwright.serving.protocol.InferResponse;
import dev.millwright.serving.protocol.NumberForm;
import dev.millwright.serving.protocol.OpenInferenceJson;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorMetadata;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxTensorModelTest {
    private static OnnxTensorModel open(String name) {
        return OnnxTensorModel.open(Models.bytes("graphs/" + name + ".onnx"), RuntimeOptions.DEFAULT);
    }

    private static InferRequest request(String inputs) {
        byte[] body = ("{'inputs':[" + inputs + "]}").replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return OpenInferenceJson.readRequest(body, body.length, NumberForm.EXACT);
    }

    /** What the model says, as JSON with single quotes. */
    private static String ask(OnnxTensorModel model, String inputs) {
        InferRequest request = request(inputs);
        List<Tensor> outputs = model.run(InputTensors.fit(model.inputs(), request.inputs()));
        assertThat(outputs)
                .extracting(Tensor::name)
                .containsExactlyElementsOf(
                        model.outputs().stream().map(TensorMetadata::name).toList());
        for (Tensor output : outputs) {
            // Whoever has the model on another server holds its answers to that.
            assertThat(model.outputs())
                    .filteredOn(said -> said.name().equals(output.name()))
                    .singleElement()
                    .satisfies(said -> assertThat(said.misfit(output)).isEmpty());
        }
        InferResponse response = new InferResponse("m", "1", Optional.empty(), Map.of(), outputs);
        return new String(OpenInferenceJson.writeResponse(request, response).body(), StandardCharsets.UTF_8)
                .replace('"', '\'');
    }

    private static String input(String name, String datatype, String shape, String data) {
        return "{'name':'" + name + "','datatype':'" + datatype + "','shape':" + shape + ",'data':" + data + "}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "INT32|simple|[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]|[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]"
                        + "|'data':[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]"
                        + "|'data':[-1,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14]",
                "BYTES|simple_string|['0','1','2','3','4','5','6','7','8','9','10','11','12','13','14','15']"
                        + "|['1','1','1','1','1','1','1','1','1','1','1','1','1','1','1','1']"
                        + "|'data':['1','2','3','4','5','6','7','8','9','10','11','12','13','14','15','16']"
                        + "|'data':['-1','0','1','2','3','4','5','6','7','8','9','10','11','12','13','14']",
            })
    void addsAndSubtracts(String datatype, String name, String first, String second, String sum, String difference) {
        try (OnnxTensorModel model = open(name)) {
            assertThat(ask(
                            model,
                            input("INPUT1", datatype, "[1,16]", second)
                                    + ","
                                    + input("INPUT0", datatype, "[1,16]", first)))
                    .contains("'name':'OUTPUT0','datatype':'" + datatype + "','shape':[1,16]," + sum)
                    .contains("'name':'OUTPUT1','datatype':'" + datatype + "','shape':[1,16]," + difference);
            assertThat(model.takesBatches()).isTrue();
        }
    }

    @Test
    void holdsEveryElementType() {
        String all = String.join(
                ",",
                input("bool", "BOOL", "[1,2]", "[true,false]"),
                input("uint8", "UINT8", "[1,2]", "[0,255]"),
                input("int8", "INT8", "[1,2]", "[-128,127]"),
                input("int16", "INT16", "[1,2]", "[-32768,32767]"),
                input("int32", "INT32", "[1,2]", "[-2147483648,2147483647]"),
                input("int64", "INT64", "[1,2]", "[-9223372036854775808,9007199254740993]"),
                input("fp16", "FP16", "[1,2]", "[0.5,-65504]"),
                input("bf16", "BF16", "[1,2]", "[0.5,-3]"),
                input("fp32", "FP32", "[1,2]", "[0.1,null]"),
                input("fp64", "FP64", "[1,2]", "[0.1,null]"),
                input("bytes", "BYTES", "[1,2]", "['','a €\\u0000 😀']"));
        try (OnnxTensorModel model = open("echo")) {
            assertThat(ask(model, all))
                    .contains("'bool_out','datatype':'BOOL','shape':[1,2],'data':[true,false]")
                    .contains("'data':[0,255]")
                    .contains("'data':[-128,127]")
                    .contains("'data':[-32768,32767]")
                    .contains("'data':[-2147483648,2147483647]")
                    .contains("'data':[-9223372036854775808,9007199254740993]")
                    .contains("'fp16_out','datatype':'FP16','shape':[1,2],'data':[0.5,-65504.0]")
                    .contains("'bf16_out','datatype':'BF16','shape':[1,2],'data':[0.5,-3.0]")
                    .contains("'fp32_out','datatype':'FP32','shape':[1,2],'data':[0.1,null]")
                    .contains("'fp64_out','datatype':'FP64','shape':[1,2],'data':[0.1,null]")
                    .contains("'data':['','a €\\u0000 \\uD83D\\uDE00']");
        }
    }

    @Test
    void readsWideUnsignedNumbers_andSaysThatTheyCannotBePutIn() {
        try (OnnxTensorModel model = open("unsigned")) {
            assertThat(ask(model, input("x", "INT64", "[2]", "[1,65535]")))
                    .contains("'u16','datatype':'UINT16','shape':[2],'data':[1,65535]")
                    .contains("'u32','datatype':'UINT32','shape':[2],'data':[1,65535]")
                    .contains("'u64','datatype':'UINT64','shape':[2],'data':[1,65535]");
        }
        assertThatThrownBy(() -> open("unsigned_input"))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining("model: input x:")
                .hasMessageContaining("UINT32 (expected: a tensor of float");
    }

    @Test
    void makesAMatrixOfMaps_andSaysTheirKeys() {
        try (OnnxTensorModel model = open("zipmap_text")) {
            assertThat(ask(model, input("x", "FP32", "[2,2]", "[0,0,0,0]")))
                    .contains("'probability','datatype':'FP32','shape':[2,2],'data':[0.5,0.5,0.5,0.5]")
                    .contains("'probability.keys','datatype':'BYTES','shape':[2],'data':['no','yes']");
            assertThat(model.takesBatches()).isFalse();
        }
        try (OnnxTensorModel model = open("zipmap_whole")) {
            assertThat(ask(model, input("x", "FP32", "[1,2]", "[0,0]")))
                    .contains("'probability.keys','datatype':'INT64','shape':[2],'data':[0,7]");
        }
    }

    @Test
    void putsASequenceOfTensorsTogether_andSaysTheirLengths() {
        try (OnnxTensorModel model = open("split")) {
            assertThat(ask(model, input("x", "FP32", "[3,2]", "[1,2,3,4,5,6]")))
                    .contains("'parts','datatype':'FP32','shape':[3,2],'data':[1.0,2.0,3.0,4.0,5.0,6.0]")
                    .contains("'parts.lengths','datatype':'INT64','shape':[2],'data':[1,2]");
        }
    }

    @Test
    void givesAScalar() {
        try (OnnxTensorModel model = open("total")) {
            assertThat(ask(model, input("x", "FP64", "[3]", "[1,2,3.5]"))).contains("'shape':[],'data':[6.5]");
            assertThat(model.takesBatches()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unknown_operator|model: operator com.example:Frobnicate (expected: one that ONNX Runtime knows)",
                "unknown_type|model: Type 'tensor(string)' of input parameter (x) of operator (Erf) in node () is invalid",
                "no_kernel|model: operator Erf of version 13, node '' (expected: one that ONNX Runtime implements",
            })
    void saysWhatIsMissing(String name, String message) {
        assertThatThrownBy(() -> open(name))
                .isInstanceOfSatisfying(
                        MillwrightException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ServingError.MODEL_UNFIT))
                .hasMessageContaining(message);
    }

    @Test
    void saysWhichTensorDoesNotFit() {
        try (OnnxTensorModel model = open("simple")) {
            List<Tensor> sent = request(input("INPUT0", "INT32", "[1,15]", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]") + ","
                            + input("INPUT2", "INT32", "[1]", "[1]"))
                    .inputs();
            assertThatThrownBy(() -> InputTensors.fit(model.inputs(), sent))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("inputs[0].shape: [1,15] (expected: [-1,16]). Input: INPUT0")
                    .hasMessageContaining("inputs[1].name: INPUT2 (expected: an input of the model). Did you mean")
                    .hasMessageContaining("inputs: INPUT1 is missing");
            List<Tensor> other =
                    request(input("INPUT0", "INT64", "[1,1]", "[1]")).inputs();
            assertThatThrownBy(() -> InputTensors.fit(model.inputs(), other))
                    .hasMessageContaining("inputs[0].datatype: INT64 (expected: INT32). Input: INPUT0");
        }
    }

    @Test
    void refusesToRunOnceClosed() {
        OnnxTensorModel model = open("total");
        model.close();
        model.close();
        assertThatThrownBy(() ->
                        model.run(request(input("x", "FP64", "[1]", "[1]")).inputs()))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining("model: closed");
    }
}
