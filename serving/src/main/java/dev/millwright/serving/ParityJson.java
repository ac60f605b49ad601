package dev.millwright.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Predictions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The JSON form of a {@link ParitySet}. */
final class ParityJson {
    private static final int FORMAT = 1;

    private ParityJson() {}

    static byte[] write(ParitySet set) {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode().put("format", FORMAT);
        ArrayNode columns = root.putArray("columns");
        for (FeatureColumn column : set.rows().columns()) {
            ObjectNode node = columns.addObject().put("name", column.name());
            switch (column) {
                case FeatureColumn.Numeric(String name, float[] values) -> floats(node.putArray("numbers"), values);
                case FeatureColumn.Text(String name, String[] values) -> {
                    ArrayNode texts = node.putArray("texts");
                    for (String value : values) {
                        texts.add(value);
                    }
                }
            }
        }
        switch (set.expected()) {
            case Predictions.Classes(List<String> classes, float[] probabilities, int[] labels) -> {
                classes.forEach(root.putArray("classes")::add);
                floats(root.putArray("probabilities"), probabilities);
                ArrayNode positions = root.putArray("labels");
                for (int label : labels) {
                    positions.add(label);
                }
            }
            case Predictions.Values(float[] values) -> floats(root.putArray("prediction"), values);
        }
        try {
            return mapper.writeValueAsBytes(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void floats(ArrayNode array, float[] values) {
        for (float value : values) {
            if (Float.isNaN(value)) {
                array.addNull();
            } else {
                array.add(value);
            }
        }
    }

    static ParitySet read(byte[] json) {
        try {
            JsonNode root = new ObjectMapper().readTree(json);
            if (root.path("format").asInt() != FORMAT) {
                throw new InvalidInputException("parity set: format " + root.path("format") + " (expected: " + FORMAT
                        + "). Was it written by another version of Millwright?");
            }
            List<FeatureColumn> columns = new ArrayList<>();
            for (JsonNode node : root.path("columns")) {
                String name = node.path("name").asText();
                columns.add(
                        node.has("numbers")
                                ? new FeatureColumn.Numeric(name, floats(node.path("numbers")))
                                : new FeatureColumn.Text(name, texts(node.path("texts"))));
            }
            Predictions expected = root.has("prediction")
                    ? new Predictions.Values(floats(root.path("prediction")))
                    : new Predictions.Classes(
                            List.of(texts(root.path("classes"))),
                            floats(root.path("probabilities")),
                            labels(root.path("labels")));
            return new ParitySet(new Frame(expected.rows(), columns), expected);
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidInputException("parity set: can't be read: " + e.getMessage()
                    + " (expected: the JSON that Millwright wrote beside the model). Register the model again.");
        }
    }

    /** By way of the decimal text: a double on the way could round twice. */
    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            JsonNode value = array.get(i);
            values[i] = value.isNull() ? Float.NaN : Float.parseFloat(value.asText());
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

    private static int[] labels(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asInt();
        }
        return values;
    }
}
