package dev.millwright.pipelines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.core.Frame;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.ParitySet;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * What a trainer itself says about rows of the validation file, as it writes it into {@code parity.json}:
 * {@code {"prediction": [1.5, …]}}, {@code {"probabilities": [[0.9, 0.1], …]}} or, of two classes, {@code {"probabilities": [0.1, …]}},
 * that of the second. {@code "labels": ["no", …]} and {@code "rows": [0, 7, …]} may stand beside; without rows they are the first.
 */
final class GivenPredictions {
    static final String FILE = "parity.json";

    private final JsonNode root;
    private final ModelSignature signature;

    private GivenPredictions(JsonNode root, ModelSignature signature) {
        this.root = root;
        this.signature = signature;
    }

    /**
     * The rows with what the trainer says about them. Labels that it doesn't say are taken from the model.
     *
     * @param rows of the validation file, with the columns of the signature
     * @throws MillwrightException {@link PipelineError#COMMAND_FAILED} when the file is not of this form
     */
    static ParitySet read(byte[] json, Frame rows, ModelRuntime model) {
        try {
            JsonNode root = StepJson.mapper().readTree(new String(json, StandardCharsets.UTF_8));
            return new GivenPredictions(root, model.signature()).parity(rows, model);
        } catch (JsonProcessingException | IllegalArgumentException wrong) {
            throw wrong(String.valueOf(wrong.getMessage()), "numbers, a row each, as docs/any-language.md shows");
        }
    }

    private static MillwrightException wrong(String found, String expected) {
        return new MillwrightException(
                PipelineError.COMMAND_FAILED, "train.run: " + FILE + ": " + found + " (expected: " + expected + ").");
    }

    private ParitySet parity(Frame rows, ModelRuntime model) {
        JsonNode values = root.path(signature.task().isClassification() ? "probabilities" : "prediction");
        if (!values.isArray() || values.isEmpty()) {
            throw wrong(
                    "has no '" + (signature.task().isClassification() ? "probabilities" : "prediction") + "'",
                    "a list of them");
        }
        int[] indices = rows(values.size(), rows.rows());
        Frame chosen = rows.select(indices);
        return new ParitySet(
                chosen,
                signature.task().isClassification()
                        ? classes(values, chosen, model)
                        : new Predictions.Values(floats(values, 1)));
    }

    private int[] rows(int count, int most) {
        JsonNode given = root.path("rows");
        int[] rows = given.isArray()
                ? IntStream.range(0, given.size())
                        .map(i -> given.get(i).asInt(-1))
                        .toArray()
                : IntStream.range(0, count).toArray();
        if (rows.length != count) {
            throw wrong(rows.length + " rows with " + count + " predictions", "as many of each");
        }
        for (int row : rows) {
            if (row < 0 || row >= most) {
                throw wrong("row " + row, "from 0 to " + (most - 1) + ", those of the validation file");
            }
        }
        return rows;
    }

    private Predictions classes(JsonNode values, Frame rows, ModelRuntime model) {
        List<String> classes = signature.classes();
        float[] probabilities = values.get(0).isArray() ? floats(values, classes.size()) : ofSecond(values);
        JsonNode labels = root.path("labels");
        if (labels.isArray()) {
            return new Predictions.Classes(
                    classes, probabilities, positions(labels, name -> classes.indexOf(name.asText())));
        }
        Predictions said = model.predict(rows);
        return new Predictions.Classes(classes, probabilities, ((Predictions.Classes) said).labels());
    }

    private int[] positions(JsonNode labels, ToIntFunction<JsonNode> position) {
        int[] positions = new int[labels.size()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = position.applyAsInt(labels.get(i));
            if (positions[i] < 0) {
                throw wrong("label " + labels.get(i), "one of " + signature.classes());
            }
        }
        return positions;
    }

    private float[] ofSecond(JsonNode values) {
        if (signature.classes().size() != 2) {
            throw wrong(
                    "one probability a row", "a list of " + signature.classes().size() + " a row, one a class");
        }
        float[] seconds = floats(values, 1);
        float[] both = new float[seconds.length * 2];
        for (int i = 0; i < seconds.length; i++) {
            both[2 * i] = 1 - seconds[i];
            both[2 * i + 1] = seconds[i];
        }
        return both;
    }

    private static float[] floats(JsonNode rows, int width) {
        float[] values = new float[rows.size() * width];
        for (int row = 0; row < rows.size(); row++) {
            JsonNode cells = rows.get(row);
            int count = cells.isArray() ? cells.size() : 1;
            if (count != width) {
                throw wrong("row " + row + " of " + count + " numbers", width + " of them");
            }
            for (int i = 0; i < width; i++) {
                JsonNode cell = cells.isArray() ? cells.get(i) : cells;
                if (!cell.isNumber()) {
                    throw wrong("row " + row + ": " + cell, "a number");
                }
                values[row * width + i] = cell.floatValue();
            }
        }
        return values;
    }
}
