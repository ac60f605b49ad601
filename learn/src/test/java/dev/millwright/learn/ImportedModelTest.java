package dev.millwright.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ImportedModelTest {
    private static final JsonNode FIXTURE = fixture();
    private static final List<Input> ABC = List.of(
            new Input("a", InputType.NUMBER), new Input("b", InputType.NUMBER), new Input("c", InputType.NUMBER));
    private static final List<Input> WITH_TEXT = Stream.concat(
                    ABC.stream(), Stream.of(new Input("plan", InputType.TEXT)))
            .toList();
    private static final ImportedModel.Use BINARY = new ImportedModel.Use(ABC, Task.BINARY, List.of("no", "yes"));
    private static final ImportedModel.Use REGRESSION = new ImportedModel.Use(ABC, Task.REGRESSION, List.of());

    private static JsonNode fixture() {
        try (InputStream stream = ImportedModelTest.class.getResourceAsStream("foreign_models.json")) {
            return new ObjectMapper().readTree(stream);
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    private static Stream<JsonNode> cases() {
        return StreamSupport.stream(FIXTURE.path("cases").spliterator(), false);
    }

    private static byte[] graph(String name) {
        return bytes(cases().filter(each -> each.path("name").asText().startsWith(name))
                .findFirst()
                .orElseThrow()
                .path("onnx"));
    }

    private static byte[] bytes(JsonNode text) {
        return Base64.getDecoder().decode(text.asText());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private static Frame rows(ModelSignature signature) {
        JsonNode rows = FIXTURE.path("rows");
        List<FeatureColumn> columns = new ArrayList<>();
        for (Input input : signature.inputs()) {
            List<String> values = texts(rows.path(input.name()));
            float[] numbers = new float[values.size()];
            for (int i = 0; input.type() == InputType.NUMBER && i < numbers.length; i++) {
                numbers[i] = Float.parseFloat(values.get(i));
            }
            columns.add(
                    switch (input.type()) {
                        case NUMBER -> new FeatureColumn.Numeric(input.name(), numbers);
                        case TEXT -> new FeatureColumn.Text(input.name(), values.toArray(String[]::new));
                    });
        }
        return new Frame(rows.path("a").size(), columns);
    }

    @TestFactory
    Stream<DynamicTest> predictsAsTheLibraryThatTrainedIt() {
        return cases().map(each -> DynamicTest.dynamicTest(each.path("name").asText(), () -> check(each)));
    }

    private static void check(JsonNode expected) {
        List<Input> columns = texts(expected.path("columns")).contains("plan") ? WITH_TEXT : ABC;
        ImportedModel model = ImportedModel.of(
                bytes(expected.path("onnx")),
                name -> Optional.ofNullable(expected.path("files").get(name)).map(ImportedModelTest::bytes),
                new ImportedModel.Use(
                        columns,
                        Task.valueOf(expected.path("task").asText().toUpperCase(Locale.ROOT)),
                        texts(expected.path("classes"))));
        try (OnnxRuntimeModel runtime = new OnnxRuntimeModel(model.signature(), model.onnx())) {
            Predictions predictions = runtime.predict(rows(model.signature()));
            switch (predictions) {
                case Predictions.Values values -> assertNear(values.values(), expected, 1);
                case Predictions.Classes classes -> {
                    assertNear(
                            classes.probabilities(), expected, classes.classes().size());
                    if (expected.path("labels").isArray()) {
                        List<String> labels = new ArrayList<>();
                        for (int label : classes.labels()) {
                            labels.add(classes.classes().get(label));
                        }
                        assertThat(labels).isEqualTo(texts(expected.path("labels")));
                    }
                }
            }
        }
    }

    /** Where the library gives one number for two classes, it is that of the second. */
    private static void assertNear(float[] found, JsonNode expected, int width) {
        JsonNode rows = expected.path("expected");
        assertThat(found).hasSize(rows.size() * width);
        for (int row = 0; row < rows.size(); row++) {
            JsonNode values = rows.get(row);
            int given = values.isArray() ? values.size() : 1;
            for (int i = 0; i < given; i++) {
                double value = values.isArray() ? values.get(i).asDouble() : values.asDouble();
                assertThat((double) found[row * width + width - given + i])
                        .as("row %d, value %d", row, i)
                        .isCloseTo(value, within(2e-6));
            }
        }
    }

    @Test
    void takesOnlyTheColumnsThatTheGraphTakes() {
        ImportedModel model = ImportedModel.of(
                graph("torch: the older"),
                name -> Optional.empty(),
                new ImportedModel.Use(ABC, Task.MULTICLASS, List.of("x", "y", "z")));

        assertThat(model.signature().inputNames()).containsExactly("a", "c");
    }

    @Test
    void takesOneOfOurs_thatCameBack_forOneOfOthers() throws Exception {
        byte[] ours = OnnxMl.ModelProto.parseFrom(graph("torch: the older")).toBuilder()
                .setProducerName(OnnxGraph.PRODUCER)
                .build()
                .toByteArray();
        ImportedModel model = ImportedModel.of(
                ours, name -> Optional.empty(), new ImportedModel.Use(ABC, Task.MULTICLASS, List.of("x", "y", "z")));

        assertThat(ScoresOnly.of(ours)).isPresent();
        assertThat(ScoresOnly.of(model.onnx())).isEmpty();
    }

    private static void assertRefused(byte[] onnx, ImportedModel.Use use, String... messages) {
        assertThatThrownBy(() -> ImportedModel.of(onnx, name -> Optional.empty(), use))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        refused -> assertThat(refused.problems())
                                .extracting(problem -> problem.message())
                                .containsExactly(messages));
    }

    @Test
    void refusesWhatIsNoModel() {
        assertThatThrownBy(() -> ImportedModel.of(
                        "PK not a graph".getBytes(StandardCharsets.UTF_8), name -> Optional.empty(), BINARY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("model: not ONNX: ");
        assertRefused(
                new byte[0],
                BINARY,
                "model: not ONNX: it has no graph with outputs (expected: what onnx.save writes).");
    }

    @Test
    void namesTheWeightsThatAreNotThere() {
        assertThatThrownBy(() -> ImportedModel.of(graph("torch: the newer"), name -> Optional.empty(), BINARY))
                .hasMessageContaining(
                        "are in 'weights.bin' (expected: within the graph, or in a file that was logged beside it)");
    }

    @Test
    void refusesAMatrix_whenAColumnIsText() {
        assertRefused(
                graph("skl2onnx: booleans"),
                new ImportedModel.Use(WITH_TEXT, Task.BINARY, List.of("false", "true")),
                "model: input X: float[N, 3] (expected: an input for each column, or one float[N, 4] with N open, of"
                        + " a, b, c, plan, in this order).");
    }

    @Test
    void refusesClassesThatTheLabelDoesNotHave() {
        assertRefused(
                graph("skl2onnx: named"),
                new ImportedModel.Use(WITH_TEXT, Task.BINARY, List.of("no", "yes")),
                "model: output output_probability: has the classes [leaves, stays] (expected: [no, yes], those of the"
                        + " label)");
    }

    @Test
    void refusesAnInputThatIsNoColumn_withASuggestion() {
        assertRefused(
                graph("skl2onnx: named"),
                new ImportedModel.Use(
                        List.of(
                                new Input("a", InputType.NUMBER),
                                new Input("b", InputType.TEXT),
                                new Input("c", InputType.NUMBER),
                                new Input("plans", InputType.TEXT)),
                        Task.BINARY,
                        List.of("leaves", "stays")),
                "model: input b: float[N, 1] (expected: string[N, 1], with N open: one value a row). Export the model with"
                        + " one such input a column.",
                "model: input plan: string[N, 1] (expected: a column of the feature view). Did you mean 'plans'?");
    }

    @Test
    void refusesAFixedNumberOfRows_otherWidthsAndOtherOutputs() {
        byte[] fixed = OnnxMl.ModelProto.newBuilder()
                .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(7))
                .setGraph(OnnxMl.GraphProto.newBuilder()
                        .addInput(value("x", OnnxGraph.FLOAT, 1, 3))
                        .addOutput(value("y", OnnxGraph.FLOAT, 1, 4))
                        .addOutput(value("z", OnnxGraph.FLOAT, 1, 1)))
                .build()
                .toByteArray();

        assertRefused(
                fixed,
                REGRESSION,
                "model: opset 7 (expected: 9 or newer). Export it with a newer target opset.",
                "model: input x: float[1, 3] (expected: an input for each column, or one float[N, 3] with N open, of a, b,"
                        + " c, in this order).",
                "model: outputs: y: float[1, 4]; z: float[1, 1] (expected: prediction, float[N, 1]). Name the output so.");
    }

    private static OnnxMl.ValueInfoProto value(String name, int type, long... shape) {
        OnnxMl.TensorShapeProto.Builder dimensions = OnnxMl.TensorShapeProto.newBuilder();
        for (long size : shape) {
            dimensions.addDim(OnnxMl.TensorShapeProto.Dimension.newBuilder().setDimValue(size));
        }
        return OnnxMl.ValueInfoProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.TypeProto.newBuilder()
                        .setTensorType(OnnxMl.TypeProto.Tensor.newBuilder()
                                .setElemType(type)
                                .setShape(dimensions)))
                .build();
    }
}
