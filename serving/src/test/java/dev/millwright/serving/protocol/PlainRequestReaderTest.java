package dev.millwright.serving.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainRequestReaderTest {
    /** Single quotes stand for double ones. */
    private static byte[] body(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static InferRequest full(byte[] body, NumberForm numbers) {
        return new RequestReader(body, body.length, numbers).read();
    }

    /** To the last bit. */
    static void requireSame(InferRequest one, InferRequest other) {
        assertThat(one.id()).isEqualTo(other.id());
        assertThat(one.parameters()).isEqualTo(other.parameters());
        assertThat(one.outputs()).isEqualTo(other.outputs());
        assertThat(one.form()).isEqualTo(other.form());
        assertThat(one.inputs()).hasSameSizeAs(other.inputs());
        for (int i = 0; i < one.inputs().size(); i++) {
            Tensor a = one.inputs().get(i);
            Tensor b = other.inputs().get(i);
            assertThat(a.name()).isEqualTo(b.name());
            assertThat(a.datatype()).isEqualTo(b.datatype());
            assertThat(a.shape()).isEqualTo(b.shape());
            switch (a.values()) {
                case TensorValues.Floats(float[] values) ->
                    assertThat(bits(values)).isEqualTo(bits(((TensorValues.Floats) b.values()).values()));
                case TensorValues.Texts(String[] texts) ->
                    assertThat(texts).isEqualTo(((TensorValues.Texts) b.values()).values());
                case TensorValues.Packed packed -> assertThat(packed).isEqualTo(b.values());
            }
        }
    }

    private static int[] bits(float... values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'inputs':[{'name':'x','shape':[1,1],'datatype':'FP32','data':[1.28818]}]}",
                " {\t'id' : 'seven' ,\r\n 'inputs' : [ { 'data' : [ 1 , -2.5e-3 , true , false , null , 0 ] , 'name' : 'x' , 'shape' : [ 2 , 3 ] , 'datatype' : 'FP32' } ] } \n",
                "{'inputs':[{'name':'a','shape':[2],'datatype':'BYTES','data':['','a text of more than thirty-two letters']},{'name':'b','shape':[2,1,1],'datatype':'INT64','data':[9007199254740992,123456789]}]}",
                "{'inputs':[{'name':'x','shape':[],'datatype':'FP64','data':[0.30000001192092896]}]}",
                "{'inputs':[{'name':'x','shape':[3],'datatype':'FP32','data':[3.4028235e38,1.4e-45,123456789012345678901.5]}]}"
            })
    void readsWhatIsPlain(String json) {
        byte[] body = body(json.replace("'shape':[]", "'shape':[1]"));
        requireSame(PlainRequestReader.find(body, NumberForm.FLOATS).orElseThrow(), full(body, NumberForm.FLOATS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{'inputs':[]}",
                "{'inputs':[{}]}",
                "{'inputs':[{'name':'x','shape':[1],'datatype':'FP32','data':[1]}]",
                "{'inputs':[{'name':'x','shape':[1],'datatype':'FP32','data':[1]}]} x",
                "{'inputs':[{'name':'x','shape':[2],'datatype':'FP32','data':[1]}]}",
                "{'inputs':[{'name':'x','shape':[1],'datatype':'FP32','data':['1']}]}",
                "{'inputs':[{'name':'x','shape':[1],'datatype':'BYTES','data':[1]}]}",
                "{'inputs':[{'name':'','shape':[1],'datatype':'FP32','data':[1]}]}",
                "{'inputs':[{'name':'x','name':'x','shape':[1],'datatype':'FP32','data':[1]}]}",
                "{'inputs':[{'name':'x','shape':[1],'datatype':'FP33','data':[1]}]}",
                "{'inputs':[{'name':'x','shape':[01],'datatype':'FP32','data':[1]}]}",
                "{'inputs':[{'name':'x','shape':[-1],'datatype':'FP32','data':[1]}]}",
                "{'inputs':[{'name':'x','shape':[1e0],'datatype':'FP32','data':[1]}]}",
                "{'inputs':[{'name':'x','shape':[18446744073709551617],'datatype':'FP32','data':[1]}]}",
                "{'inputs':[{'name':'x','shape':[1],'datatype':'FP32','data':[1.]}]}",
                "{'inputs':[{'name':'x','shape':[1],'datatype':'FP32','data':[.5]}]}",
                "{'inputs':[{'name':'x','shape':[1],'datatype':'FP32','data':[+5]}]}",
                "{'inputs':[{'name':'x','shape':[1],'datatype':'FP32','data':[1e]}]}",
                "{'inputs':[{'name':'x','shape':[1],'datatype':'FP32','data':[1e39]}]}",
                "{'inputs':[{'name':'x','shape':[1],'datatype':'FP32','data':[nul1]}]}",
                "{'inputs':[{'name':'x','shape':[1],'datatype':'FP32','data':[[1]]}]}",
                "{'inputs':[{'name':'\\u0078','shape':[1],'datatype':'FP32','data':[1]}]}",
                "{'inputs':[{'name':'\u00e4','shape':[1],'datatype':'FP32','data':[1]}]}",
                "{'inputs':[{'name':'x','shape':[1],'datatype':'FP32','data':[1],'parameters':{}}]}"
            })
    void leavesTheRestToWhoReadsEverything(String json) {
        assertThat(PlainRequestReader.find(body(json), NumberForm.FLOATS)).isEmpty();
    }

    @Test
    void leavesTypesToOthers_whereTheyAreToBeExact() {
        assertThat(PlainRequestReader.find(
                        body("{'inputs':[{'name':'x','shape':[1],'datatype':'INT64','data':[1]}]}"), NumberForm.EXACT))
                .isEmpty();
        assertThat(PlainRequestReader.find(
                        body("{'inputs':[{'name':'x','shape':[1],'data':[1],'datatype':'FP32'}]}"), NumberForm.EXACT))
                .isEmpty();
        byte[] plain = body("{'inputs':[{'name':'x','shape':[2],'datatype':'FP32','data':[0.1,null]}]}");
        requireSame(PlainRequestReader.find(plain, NumberForm.EXACT).orElseThrow(), full(plain, NumberForm.EXACT));
    }

    @Test
    void readsTheNearestFloat() {
        Random random = new Random(5);
        for (int i = 0; i < 200_000; i++) {
            String number = number(random, i);
            byte[] body = body("{'inputs':[{'name':'x','shape':[1],'datatype':'FP32','data':[" + number + "]}]}");
            float read = ((TensorValues.Floats) PlainRequestReader.find(body, NumberForm.EXACT)
                            .orElseThrow()
                            .inputs()
                            .getFirst()
                            .values())
                    .values()[0];
            assertThat(Float.floatToRawIntBits(read))
                    .as(number)
                    .isEqualTo(Float.floatToRawIntBits(Float.parseFloat(number)));
        }
    }

    /** A float as it prints; halfway between it and the next; or any digits. */
    private static String number(Random random, int i) {
        float some = (random.nextFloat() - 0.5f) * (float) Math.pow(10, random.nextInt(12) - 6);
        return switch (i % 4) {
            case 0 -> Float.toString(some);
            case 1 -> Double.toString(((double) some + Math.nextUp(some)) / 2);
            case 2 -> Double.toString(Math.nextUp(((double) some + Math.nextUp(some)) / 2));
            default ->
                String.format(
                        Locale.ROOT,
                        "%d.%de%d",
                        1 + random.nextInt(9),
                        random.nextLong(1L << 62),
                        random.nextInt(60) - 30);
        };
    }

    @Test
    void makesOneStringOfATextThatComesAgain() {
        KnownTexts texts = new KnownTexts();
        byte[] bytes = body("age,age,tenure");
        assertThat(texts.of(bytes, 4, 7)).isEqualTo("age").isSameAs(texts.of(bytes, 0, 3));
        for (int i = 0; i < 10_000; i++) {
            byte[] other = body("text " + i);
            assertThat(texts.of(other, 0, other.length)).isEqualTo("text " + i);
        }
    }

    @Test
    void anEmptyId_isNone() {
        for (String more : List.of("", "'parameters':{},")) {
            byte[] body = ("{" + more + "'id':'','inputs':[{'name':'x','datatype':'FP32','shape':[1],'data':[1]}]}")
                    .replace('\'', '"')
                    .getBytes(StandardCharsets.UTF_8);
            assertThat(OpenInferenceJson.readRequest(body, body.length, NumberForm.FLOATS)
                            .id())
                    .as(more)
                    .isEmpty();
        }
    }
}
