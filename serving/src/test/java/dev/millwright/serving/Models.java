package dev.millwright.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** The graphs that {@code make_models.py} made, and what Python's ONNX Runtime says about a hundred rows. */
public final class Models {
    static final List<Input> INPUTS = List.of(
            new Input("amount", InputType.NUMBER),
            new Input("age", InputType.NUMBER),
            new Input("city", InputType.TEXT));
    public static final ModelSignature BINARY = new ModelSignature(Task.BINARY, INPUTS, List.of("no", "yes"), 0.5);
    static final ModelSignature MULTICLASS =
            new ModelSignature(Task.MULTICLASS, INPUTS, List.of("low", "middle", "high"), 0.5);
    public static final ModelSignature REGRESSION = new ModelSignature(Task.REGRESSION, INPUTS, List.of(), 0);

    private Models() {}

    static OnnxModelRuntime open(String name, ModelSignature signature) {
        return OnnxModelRuntime.open(bytes(name + ".onnx"), signature, RuntimeOptions.DEFAULT);
    }

    static byte[] bytes(String file) {
        try (InputStream stream = Objects.requireNonNull(Models.class.getResourceAsStream(file), file)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode expected(String name) {
        try {
            return new ObjectMapper().readTree(bytes("expected.json")).get(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ParitySet parity(String name, ModelSignature signature) {
        JsonNode node = expected(name);
        Frame rows = new Frame(
                node.get("age").size(),
                List.of(
                        new FeatureColumn.Numeric("amount", floats(node.get("amount"))),
                        new FeatureColumn.Numeric("age", floats(node.get("age"))),
                        new FeatureColumn.Text("city", texts(node.get("city")))));
        if (!signature.task().isClassification()) {
            return new ParitySet(rows, new Predictions.Values(floats(node.get("prediction"))));
        }
        String[] labels = texts(node.get("label"));
        int[] positions = new int[labels.length];
        for (int i = 0; i < labels.length; i++) {
            positions[i] = signature.classes().indexOf(labels[i]);
        }
        return new ParitySet(
                rows, new Predictions.Classes(signature.classes(), floats(node.get("probabilities")), positions));
    }

    static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).isNull() ? Float.NaN : (float) array.get(i).asDouble();
        }
        return values;
    }

    private static String[] texts(JsonNode array) {
        String[] values = new String[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asText();
        }
        return values;
    }

    public static Frame row(float amount, float age, String city) {
        return new Frame(
                1,
                List.of(
                        new FeatureColumn.Numeric("amount", new float[] {amount}),
                        new FeatureColumn.Numeric("age", new float[] {age}),
                        new FeatureColumn.Text("city", new String[] {city})));
    }
}
