package dev.millwright.serving.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tensors of a request, or the outputs that it asks for, one after the other; the members of each may come in any
 * order.
 */
final class JsonTensorReader {
    private static final int NO_BINARY = -1;

    private final byte[] body;
    private final NumberForm numbers;

    private @Nullable String name;
    private @Nullable String typeName;
    private @Nullable Datatype datatype;
    private long @Nullable [] shape;
    private @Nullable JsonElements elements;
    private long binarySize;
    private @Nullable TensorForm form;
    /** Where data began that came before the datatype which says how to read it; -1 when there was none. */
    private long postponed;

    private @Nullable String unsupported;
    private @Nullable String problem;

    JsonTensorReader(byte[] body, NumberForm numbers) {
        this.body = body;
        this.numbers = numbers;
    }

    /**
     * A tensor as it was sent.
     *
     * @param binarySize how many of the bytes after the JSON are its own; -1 when it is within the JSON
     * @param form in which an output is asked for, when it says so
     * @param unsupported a parameter that asks for what there isn't, if there is one: that is wrong with an output, too
     * @param problem what is wrong with it, beginning with the member that is wrong
     */
    record Sent(
            String name,
            @Nullable Datatype datatype,
            long[] shape,
            @Nullable TensorValues values,
            long binarySize,
            @Nullable TensorForm form,
            @Nullable String unsupported,
            @Nullable String problem) {
        Tensor tensor() {
            return new Tensor(name, type(), shape, Objects.requireNonNull(values));
        }

        Datatype type() {
            return Objects.requireNonNull(datatype);
        }
    }

    /** From the opening brace to the closing one. */
    Sent read(JsonParser parser) throws IOException {
        reset();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (field) {
                case "name" -> name = text(parser, token, field);
                case "datatype" -> readDatatype(parser, token);
                case "shape" -> readShape(parser, token);
                case "data" -> readData(parser, token);
                case "parameters" -> readParameters(parser, token);
                default -> parser.skipChildren();
            }
        }
        if (postponed >= 0 && problem == null && datatype != null) {
            readPostponed();
        }
        return finish();
    }

    private void reset() {
        name = null;
        typeName = null;
        datatype = null;
        shape = null;
        elements = null;
        binarySize = NO_BINARY;
        form = null;
        postponed = -1;
        unsupported = null;
        problem = null;
    }

    private @Nullable String text(JsonParser parser, JsonToken token, String field) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        complain(field + ": " + token.name().toLowerCase(Locale.ROOT) + " (expected: a string)");
        return null;
    }

    private void readDatatype(JsonParser parser, JsonToken token) throws IOException {
        if (elements != null && datatype != null) {
            complain("datatype: twice (expected: once)");
        }
        typeName = text(parser, token, "datatype");
        if (typeName != null) {
            datatype = Datatype.find(typeName).orElse(null);
            if (datatype == null) {
                complain("datatype: " + Words.shortened(typeName) + " (expected: one of "
                        + String.join(", ", Datatype.names()) + ")");
            }
        }
    }

    private void readShape(JsonParser parser, JsonToken token) throws IOException {
        long[] dimensions = new long[4];
        int rank = 0;
        boolean valid = token == JsonToken.START_ARRAY;
        if (valid) {
            JsonToken next;
            while ((next = parser.nextToken()) != JsonToken.END_ARRAY && next != null) {
                valid &= next == JsonToken.VALUE_NUMBER_INT
                        && rank < Tensor.MOST_DIMENSIONS
                        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
                if (valid) {
                    if (rank == dimensions.length) {
                        dimensions = Arrays.copyOf(dimensions, Tensor.MOST_DIMENSIONS);
                    }
                    dimensions[rank++] = parser.getLongValue();
                } else {
                    parser.skipChildren();
                }
            }
        } else {
            parser.skipChildren();
        }
        if (!valid) {
            complain("shape: not understood (expected: a list of at most " + Tensor.MOST_DIMENSIONS
                    + " whole numbers, such as [2,30])");
        }
        shape = Arrays.copyOf(dimensions, rank);
        if (valid && Tensor.claimed(shape) < 0) {
            complain("shape: " + Tensor.describe(shape) + " (expected: dimensions of at least 0 whose product fits the"
                    + " data)");
        }
    }

    private void readData(JsonParser parser, JsonToken token) throws IOException {
        if (elements != null || postponed >= 0) {
            complain("data: twice (expected: once)");
            parser.skipChildren();
        } else if (token != JsonToken.START_ARRAY) {
            complain("data: not an array (expected: the elements, row by row)");
            parser.skipChildren();
        } else if (numbers == NumberForm.EXACT && datatype == null) {
            postponed = parser.currentTokenLocation().getByteOffset();
            if (postponed < 0) {
                complain("data: before its datatype, in a body that is not UTF-8 (expected: UTF-8)");
            }
            parser.skipChildren();
        } else {
            elements = new JsonElements(datatype, numbers, JsonElements.room(shape));
            elements.read(parser);
        }
    }

    private void readPostponed() throws IOException {
        int from = (int) postponed;
        try (JsonParser parser = OpenInferenceJson.JSON.createParser(body, from, body.length - from)) {
            parser.nextToken();
            elements = new JsonElements(datatype, numbers, JsonElements.room(shape));
            elements.read(parser);
        }
    }

    private void readParameters(JsonParser parser, JsonToken token) throws IOException {
        if (token != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String parameter = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (parameter) {
                case "binary_data_size" -> readBinarySize(parser, value);
                case "binary_data" ->
                    form = value == JsonToken.VALUE_TRUE
                            ? TensorForm.BINARY
                            : value == JsonToken.VALUE_FALSE ? TensorForm.JSON : form;
                default -> {
                    TensorParameters.refusal(parameter).ifPresent(this::refuse);
                    parser.skipChildren();
                }
            }
        }
    }

    private void refuse(String parameter) {
        unsupported = parameter;
        complain(parameter);
    }

    private void readBinarySize(JsonParser parser, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                && parser.getLongValue() >= 0) {
            binarySize = parser.getLongValue();
        } else {
            complain(
                    "parameters.binary_data_size: not a size (expected: how many bytes after the JSON are this tensor's)");
            parser.skipChildren();
        }
    }

    private void complain(String message) {
        if (problem == null) {
            problem = message;
        }
    }

    private Sent finish() {
        TensorValues values = null;
        JsonElements read = elements;
        if (read != null && datatype != null) {
            try {
                values = read.values(datatype, shape);
            } catch (InvalidInputException invalid) {
                complain(invalid.problems().getFirst().message());
            }
        }
        if (read != null && binarySize >= 0) {
            complain("data: in the JSON and after it (expected: one of data and binary_data_size)");
        }
        if (typeName == null) {
            complain("datatype: missing (expected: one of " + String.join(", ", Datatype.names()) + ")");
        }
        if (read == null && postponed < 0 && binarySize < 0) {
            complain("data: missing (expected: the elements, or parameters.binary_data_size)");
        }
        if (shape == null) {
            complain("shape: missing (expected: " + (read == null ? "[rows,1]" : "[" + read.count() + ",1]")
                    + ", or what the data is)");
        }
        return new Sent(
                name == null ? "" : name,
                datatype,
                shape == null ? new long[0] : shape,
                values,
                binarySize,
                form,
                unsupported,
                problem);
    }
}
