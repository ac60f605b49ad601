package dev.millwright.serving;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Problem;
import dev.millwright.core.Words;
import dev.millwright.serving.protocol.FeatureTensors;
import dev.millwright.serving.protocol.OpenInferenceJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Rows as people write them: {@code [{"column": value, …}, …]}, or such objects one after the other (JSON lines). Null
 * is missing, and so is a column that other rows have.
 */
public final class RowsJson {
    private static final int PROBLEMS_SHOWN = 20;

    private final ModelSignature signature;
    private final List<String> names;
    private final List<Object[]> rows = new ArrayList<>();
    private final boolean[] seen;
    private final List<Problem> problems = new ArrayList<>();

    private RowsJson(ModelSignature signature) {
        this.signature = signature;
        this.names = signature.inputNames();
        this.seen = new boolean[names.size()];
    }

    /**
     * Reads rows.
     *
     * @throws InvalidInputException saying what is wrong with them
     */
    public static Frame read(byte[] json, ModelSignature signature) {
        RowsJson reader = new RowsJson(signature);
        try (JsonParser parser = OpenInferenceJson.JSON.createParser(json)) {
            return reader.read(parser);
        } catch (JsonProcessingException e) {
            throw OpenInferenceJson.notJson(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Frame read(JsonParser parser) throws IOException {
        JsonToken token;
        int depth = 0;
        while ((token = parser.nextToken()) != null) {
            switch (token) {
                case START_ARRAY -> depth++;
                case END_ARRAY -> depth--;
                case START_OBJECT -> readRow(parser);
                default -> depth = 2;
            }
            if (depth > 1) {
                throw new InvalidInputException(
                        "rows: not a list of objects (expected: [{\"" + names.getFirst() + "\": …}, …])");
            }
        }
        return frame();
    }

    private void readRow(JsonParser parser) throws IOException {
        if (rows.size() >= FeatureTensors.LARGEST_ROWS) {
            throw new InvalidInputException(
                    "rows: more than " + FeatureTensors.LARGEST_ROWS + " (expected: at most that many at once)");
        }
        Object[] row = new Object[names.size()];
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            int column = names.indexOf(name);
            if (column < 0) {
                complain("rows[" + rows.size() + "]." + name + ": unknown (expected: a column of the model)."
                        + Words.suggestion(name, names));
                parser.skipChildren();
            } else {
                seen[column] = true;
                row[column] = value(parser, token, column);
            }
        }
        rows.add(row);
    }

    private Object value(JsonParser parser, JsonToken token, int column) throws IOException {
        InputType type = signature.inputs().get(column).type();
        switch (type) {
            case NUMBER -> {
                switch (token) {
                    case VALUE_NULL -> {
                        return Float.NaN;
                    }
                    case VALUE_TRUE -> {
                        return 1f;
                    }
                    case VALUE_FALSE -> {
                        return 0f;
                    }
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                        float value = (float) parser.getDoubleValue();
                        if (Float.isFinite(value)) {
                            return value;
                        }
                    }
                    default -> {}
                }
            }
            case TEXT -> {
                if (token == JsonToken.VALUE_STRING) {
                    return parser.getText();
                }
                if (token == JsonToken.VALUE_NULL) {
                    return "";
                }
            }
        }
        boolean scalar = token.isScalarValue();
        complain("rows[" + rows.size() + "]." + names.get(column) + ": "
                + (scalar ? parser.getText() : token.name().toLowerCase(Locale.ROOT)) + " (expected: "
                + InputFrames.word(type) + ")");
        parser.skipChildren();
        return type == InputType.NUMBER ? (Object) Float.NaN : "";
    }

    private void complain(String message) {
        if (problems.size() < PROBLEMS_SHOWN) {
            problems.add(Problem.of(message));
        }
    }

    private Frame frame() {
        if (rows.isEmpty()) {
            complain("rows: none (expected: at least one)");
        } else {
            complainOfUnseen();
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        List<FeatureColumn> columns = new ArrayList<>();
        for (int column = 0; column < names.size(); column++) {
            columns.add(column(column));
        }
        return new Frame(rows.size(), columns);
    }

    /** A model is not asked with less than it was trained on unless someone says that the rest is unknown. */
    private void complainOfUnseen() {
        List<String> unseen = IntStream.range(0, seen.length)
                .filter(column -> !seen[column])
                .mapToObj(names::get)
                .toList();
        if (!unseen.isEmpty()) {
            complain("rows: without " + String.join(", ", unseen)
                    + " (expected: every column of the model, null where it is not known). Add to a row: "
                    + unseen.stream()
                            .map(name -> JsonNodeFactory.instance.textNode(name) + ": null")
                            .collect(Collectors.joining(", ")));
        }
    }

    private FeatureColumn column(int column) {
        String name = names.get(column);
        return switch (signature.inputs().get(column).type()) {
            case NUMBER -> {
                float[] values = new float[rows.size()];
                for (int row = 0; row < values.length; row++) {
                    values[row] = rows.get(row)[column] instanceof Float value ? value : Float.NaN;
                }
                yield new FeatureColumn.Numeric(name, values);
            }
            case TEXT -> {
                String[] values = new String[rows.size()];
                Arrays.setAll(values, row -> rows.get(row)[column] instanceof String value ? value : "");
                yield new FeatureColumn.Text(name, values);
            }
        };
    }
}
