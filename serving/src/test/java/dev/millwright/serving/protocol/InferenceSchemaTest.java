package dev.millwright.serving.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests and answers of models that take tensors, described. */
final class InferenceSchemaTest {
    private static ObjectNode schema(TensorMetadata... inputs) {
        return InferenceSchema.of("sums", 3, List.of(inputs), List.of(new TensorMetadata("out", Datatype.FP16, -1, 2)));
    }

    private static String text(Object json) {
        return json.toString().replace('"', '\'');
    }

    @Test
    void namesEachInput_withItsDatatypeAndShape() {
        ObjectNode schema =
                schema(new TensorMetadata("a/b", Datatype.INT64, -1, 16), new TensorMetadata("c", Datatype.BYTES, 1));

        assertThat(schema.path("title").asText()).isEqualTo("A request to sums, version 3");
        assertThat(text(schema.path("properties").path("inputs")))
                .contains("'maxItems':2", "'minItems':2")
                .contains("{'contains':{'properties':{'name':{'const':'a/b'}},'required':['name']}}")
                .contains("'properties':{'name':{'const':'a/b'},'datatype':{'const':'INT64'},'shape':{'type':'array',"
                        + "'prefixItems':[{'type':'integer','minimum':0},{'const':16}],'minItems':2,'maxItems':2},"
                        + "'data':{'$ref':'#/$defs/INT64'}")
                .contains("'name':{'const':'c'},'datatype':{'const':'BYTES'}")
                .contains("'oneOf':[{'required':['data']},{'required':['parameters'],"
                        + "'properties':{'parameters':{'required':['binary_data_size']}}}]");
        assertThat(text(schema.at("/$defs/answer"))).contains("'name':{'const':'out'},'datatype':{'const':'FP16'}");
        assertThat(schema.path("$defs").fieldNames()).toIterable().containsExactly("INT64", "FP16", "BYTES", "answer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BOOL|{'type':'boolean'}",
                "UINT8|{'type':'integer','minimum':0,'maximum':255}",
                "INT8|{'type':'integer','minimum':-128,'maximum':127}",
                "UINT64|{'type':'integer','minimum':0,'maximum':18446744073709551615}",
                "FP32|{'type':['number','null']}",
                "BYTES|{'type':'string'}",
            })
    void saysWhatElementsMayBe_flatOrNested(Datatype type, String element) {
        assertThat(text(schema(new TensorMetadata("x", type, -1)).path("$defs").path(type.name())))
                .isEqualTo("{'type':'array','items':{'anyOf':[" + element + ",{'$ref':'#/$defs/" + type + "'}]}}");
    }

    @Test
    void chooses_amongNothing_nowhere() {
        assertThat(text(InferenceSchema.of("constant", 1, List.of(), List.of())))
                .doesNotContain("oneOf", "allOf", "[]}")
                .contains("'maxItems':0");
    }

    @ParameterizedTest
    @EnumSource(Datatype.class)
    void zerosAreReadAsTheyAreSent(Datatype type) {
        byte[] body = OpenInferenceJson.zeros(List.of(new TensorMetadata("x", type, -1, 2)))
                .getBytes(StandardCharsets.UTF_8);

        Tensor read = OpenInferenceJson.readRequest(body, body.length, NumberForm.EXACT)
                .inputs()
                .getFirst();
        assertThat(read.datatype()).isEqualTo(type);
        assertThat(read.shape()).containsExactly(1, 2);
    }
}
