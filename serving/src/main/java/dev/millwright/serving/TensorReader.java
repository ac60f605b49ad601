package dev.millwright.serving;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.InputType;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one tensor of an inference request; its members may come in any order. */
final class TensorReader {
    static final Set<String> NUMBERS =
            Set.of("FP32", "FP64", "INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64", "BOOL");
    private static final String TEXT = "BYTES";
    private static final int DEEPEST = 2;

    /** Values that it may have at most. */
    private final int largestRows;

    private @Nullable String name;
    private @Nullable String datatype;
    private long @Nullable [] shape;
    private float[] numbers = new float[1];
    private String[] texts = new String[0];
    private int count;
    private boolean hasData;
    private boolean hasNumbers;
    private boolean hasTexts;
    private @Nullable String problem;

    TensorReader(int largestRows) {
        this.largestRows = largestRows;
    }

    /** From the opening brace to the closing one. */
    void read(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (field) {
                case "name" -> name = text(parser, token, field);
                case "datatype" -> datatype = text(parser, token, field);
                case "shape" -> readShape(parser, token);
                case "data" -> {
                    if (hasData) {
                        complain("data: twice (expected: once)");
                    }
                    hasData = true;
                    readData(parser, token);
                }
                default -> parser.skipChildren();
            }
        }
    }

    private @Nullable String text(JsonParser parser, JsonToken token, String field) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        complain(field + ": " + token.name().toLowerCase(Locale.ROOT) + " (expected: a string)");
        return null;
    }

    private void readShape(JsonParser parser, JsonToken token) throws IOException {
        long[] dimensions = new long[DEEPEST + 1];
        int rank = 0;
        boolean valid = token == JsonToken.START_ARRAY;
        if (valid) {
            JsonToken next;
            while ((next = parser.nextToken()) != JsonToken.END_ARRAY) {
                valid &= next == JsonToken.VALUE_NUMBER_INT && rank < dimensions.length;
                if (valid) {
                    dimensions[rank++] = parser.getLongValue();
                } else {
                    parser.skipChildren();
                }
            }
        } else {
            parser.skipChildren();
        }
        if (!valid) {
            complain("shape: not understood (expected: [rows] or [rows, 1])");
        }
        shape = Arrays.copyOf(dimensions, rank);
    }

    private void readData(JsonParser parser, JsonToken token) throws IOException {
        if (token != JsonToken.START_ARRAY) {
            parser.skipChildren();
            complain("data: not an array (expected: one value a row)");
            return;
        }
        int depth = 1;
        while (depth > 0) {
            JsonToken next = parser.nextToken();
            if (next == JsonToken.START_ARRAY) {
                depth++;
                if (depth > DEEPEST) {
                    complain("data: nested deeper than " + DEEPEST + " (expected: flat, or one array a row)");
                }
            } else if (next == JsonToken.END_ARRAY) {
                depth--;
            } else if (next == null) {
                return;
            } else {
                add(parser, next);
            }
        }
    }

    private void add(JsonParser parser, JsonToken token) throws IOException {
        if (count >= largestRows) {
            complain("data: more than " + largestRows + " values (expected: at most that many rows a request)");
            parser.skipChildren();
            return;
        }
        switch (token) {
            case VALUE_NULL -> addNumber(Float.NaN);
            case VALUE_TRUE -> addFound(1);
            case VALUE_FALSE -> addFound(0);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                float value = (float) parser.getDoubleValue();
                if (Float.isInfinite(value)) {
                    complain("data: " + parser.getText() + " (expected: a number within ±3.4e38)");
                }
                addFound(value);
            }
            case VALUE_STRING -> addText(parser.getText());
            default -> {
                parser.skipChildren();
                complain("data: an object (expected: numbers, booleans, strings or null)");
            }
        }
    }

    private void addFound(float value) {
        hasNumbers = true;
        addNumber(value);
    }

    private void addNumber(float value) {
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.min(largestRows, count * 2));
        }
        numbers[count++] = value;
    }

    private void addText(String value) {
        hasTexts = true;
        if (count >= texts.length) {
            texts = Arrays.copyOf(texts, Math.max(count + 1, Math.min(largestRows, count * 2)));
        }
        texts[count] = value;
        addNumber(Float.NaN);
    }

    private void complain(String message) {
        if (problem == null) {
            problem = message;
        }
    }

    /** Empty when the tensor says none. */
    String name() {
        return name == null ? "" : name;
    }

    /** Rows of {@code width} values, as far as the data says. */
    int rows(int width) {
        return count / width;
    }

    /** What is wrong with the tensor as rows of {@code width} values of {@code type}, or null. */
    @Nullable
    String problem(InputType type, int width) {
        if (problem != null) {
            return problem;
        }
        String given = datatype;
        if (given == null) {
            return "datatype: missing (expected: " + expected(type) + ")";
        }
        if (type == InputType.NUMBER ? !NUMBERS.contains(given) : !given.equals(TEXT)) {
            return "datatype: " + given + " (expected: " + expected(type) + ")";
        }
        if (type == InputType.NUMBER && hasTexts) {
            return "data: a string (expected: numbers, as datatype " + given + " says)";
        }
        if (type == InputType.TEXT && hasNumbers) {
            return "data: a number (expected: strings, as datatype BYTES says)";
        }
        return shapeProblem(width);
    }

    private @Nullable String shapeProblem(int width) {
        if (!hasData) {
            return "data: missing (expected: one value a row)";
        }
        long[] given = shape;
        if (given == null) {
            return "shape: missing (expected: [" + rows(width) + ", " + width + "])";
        }
        if (rows(width) > OpenInferenceJson.LARGEST_ROWS) {
            return "data: " + rows(width) + " rows (expected: at most " + OpenInferenceJson.LARGEST_ROWS
                    + " a request)";
        }
        if (width > 1) {
            return wideShapeProblem(given, width);
        }
        boolean column = given.length == 1 || (given.length == 2 && given[1] == 1);
        if (!column) {
            return "shape: " + Arrays.toString(given) + " (expected: [rows] or [rows, 1]: one tensor a column)";
        }
        if (given[0] != count) {
            return "data: " + count + " values (expected: " + given[0] + ", as shape " + Arrays.toString(given)
                    + " says)";
        }
        return null;
    }

    private @Nullable String wideShapeProblem(long[] given, int width) {
        if (given.length != 2 || given[1] != width) {
            return "shape: " + Arrays.toString(given) + " (expected: [rows, " + width + "])";
        }
        if (given[0] * width != count) {
            return "data: " + count + " values (expected: " + given[0] * width + ", as shape " + Arrays.toString(given)
                    + " says)";
        }
        return null;
    }

    private static String expected(InputType type) {
        return switch (type) {
            case NUMBER ->
                "FP32, or another type of number: "
                        + String.join(", ", NUMBERS.stream().sorted().toList());
            case TEXT -> TEXT;
        };
    }

    /** The column of an input, the {@code index}-th of {@code width}, once {@link #problem} has found none. */
    FeatureColumn column(ModelSignature.Input input, int index, int width) {
        int rows = rows(width);
        return switch (input.type()) {
            case NUMBER -> {
                if (width == 1) {
                    yield new FeatureColumn.Numeric(
                            input.name(), numbers.length == count ? numbers : Arrays.copyOf(numbers, count));
                }
                float[] values = new float[rows];
                for (int row = 0; row < rows; row++) {
                    values[row] = numbers[row * width + index];
                }
                yield new FeatureColumn.Numeric(input.name(), values);
            }
            case TEXT -> {
                String[] values = new String[rows];
                for (int row = 0; row < rows; row++) {
                    int at = row * width + index;
                    values[row] = at < texts.length && texts[at] != null ? texts[at] : "";
                }
                yield new FeatureColumn.Text(input.name(), values);
            }
        };
    }
}
