package dev.millwright.serving.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tensors of one member of a body, {@code inputs} or {@code outputs}: in its JSON, or as bytes after it. */
final class SentTensors {
    private final String field;
    private final JsonTensorReader tensor;
    private final RequestProblems problems;
    private final List<JsonTensorReader.Sent> sent = new ArrayList<>();

    /** {@code field} is the member's name, as messages say it. */
    SentTensors(String field, JsonTensorReader tensor, RequestProblems problems) {
        this.field = field;
        this.tensor = tensor;
        this.problems = problems;
    }

    List<JsonTensorReader.Sent> sent() {
        return sent;
    }

    /** Reads the array that begins with {@code token}; {@code object} is what its elements look like. */
    void read(JsonParser parser, JsonToken token, String object) throws IOException {
        if (token != JsonToken.START_ARRAY) {
            problems.add(field + ": not an array (expected: [{\"name\": …}, …])");
            parser.skipChildren();
            return;
        }
        JsonToken next;
        while ((next = parser.nextToken()) != JsonToken.END_ARRAY && next != null) {
            if (sent.size() == Tensor.MOST_IN_REQUEST) {
                throw new InvalidInputException(
                        field + ": more than " + Tensor.MOST_IN_REQUEST + " (expected: at most that many)");
            }
            String place = place(sent.size());
            if (next != JsonToken.START_OBJECT) {
                problems.add(place + ": not an object (expected: " + object + ")");
                parser.skipChildren();
                continue;
            }
            JsonTensorReader.Sent each = tensor.read(parser);
            sent.add(each);
            if (each.name().isEmpty()) {
                problems.add(place + ".name: missing (expected: the name of a tensor)");
            }
        }
    }

    private String place(int index) {
        return field + "[" + index + "]";
    }

    /** The tensors; those that came as bytes follow each other in {@code body} from {@code from} on, and nothing follows them. */
    List<Tensor> tensors(byte[] body, int from) {
        List<Tensor> tensors = new ArrayList<>(sent.size());
        int at = from;
        for (int i = 0; i < sent.size(); i++) {
            JsonTensorReader.Sent each = sent.get(i);
            String problem = each.problem();
            if (each.binarySize() >= 0) {
                if (each.binarySize() > body.length - at) {
                    problem = "parameters.binary_data_size: " + each.binarySize() + " (expected: at most the "
                            + (body.length - at) + " bytes that are left of the body)";
                } else {
                    ByteBuffer bytes = ByteBuffer.wrap(body, at, (int) each.binarySize());
                    at += (int) each.binarySize();
                    if (problem == null) {
                        problem = add(tensors, each, bytes);
                    }
                }
            } else if (problem == null) {
                problem = add(tensors, each, null);
            }
            if (problem != null) {
                problems.add(place(i) + "." + problem
                        + (each.name().isEmpty()
                                ? ""
                                : (field.equals("inputs") ? ". Input: " : ". Output: ")
                                        + Words.shortened(each.name())));
            }
        }
        if (at < body.length && problems.isEmpty()) {
            problems.add("body: " + (body.length - at) + " bytes after the last tensor (expected: " + "as many as the "
                    + field + "' binary_data_size say together)");
        }
        return tensors;
    }

    private static @Nullable String add(List<Tensor> tensors, JsonTensorReader.Sent sent, @Nullable ByteBuffer bytes) {
        try {
            tensors.add(bytes == null ? sent.tensor() : RawTensors.read(sent.name(), sent.type(), sent.shape(), bytes));
            return null;
        } catch (InvalidInputException invalid) {
            return invalid.problems().getFirst().message();
        }
    }
}
