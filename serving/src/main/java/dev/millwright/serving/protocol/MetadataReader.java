package dev.millwright.serving.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what a server says of itself and of its models. */
final class MetadataReader {
    private static final JsonMapper MAPPER =
            JsonMapper.builder(OpenInferenceJson.JSON).build();

    private MetadataReader() {}

    static boolean namesExtension(byte[] body, String extension) {
        for (JsonNode each : tree(body).path("extensions")) {
            if (each.asText().equals(extension)) {
                return true;
            }
        }
        return false;
    }

    static ModelTensors tensors(byte[] body) {
        JsonNode tree = tree(body);
        RequestProblems problems = new RequestProblems();
        List<TensorMetadata> inputs = tensors(tree, "inputs", problems);
        List<TensorMetadata> outputs = tensors(tree, "outputs", problems);
        problems.requireNone();
        return new ModelTensors(inputs, outputs);
    }

    private static JsonNode tree(byte[] body) {
        try {
            JsonNode tree = MAPPER.readTree(body);
            if (tree == null || !tree.isObject()) {
                throw new InvalidInputException("body: not an object (expected: {\"name\": …})");
            }
            return tree;
        } catch (IOException e) {
            throw OpenInferenceJson.notJson(e);
        }
    }

    private static List<TensorMetadata> tensors(JsonNode tree, String field, RequestProblems problems) {
        List<TensorMetadata> tensors = new ArrayList<>();
        JsonNode list = tree.path(field);
        if (list.size() > Tensor.MOST_IN_REQUEST) {
            throw new InvalidInputException(
                    field + ": " + list.size() + " (expected: at most " + Tensor.MOST_IN_REQUEST + ")");
        }
        for (int i = 0; i < list.size(); i++) {
            JsonNode each = list.get(i);
            String place = field + "[" + i + "].";
            Optional<Datatype> datatype = Datatype.find(each.path("datatype").asText());
            if (datatype.isEmpty()) {
                problems.add(place + "datatype: "
                        + Words.shortened(each.path("datatype").asText("missing")) + " (expected: one of "
                        + String.join(", ", Datatype.names()) + ")");
            } else if (each.path("name").asText().isEmpty()) {
                problems.add(place + "name: missing (expected: the name of a tensor)");
            } else {
                tensors.add(new TensorMetadata(
                        each.path("name").asText(), datatype.get(), shape(each.path("shape"), place, problems)));
            }
        }
        return tensors;
    }

    private static long[] shape(JsonNode sizes, String place, RequestProblems problems) {
        boolean valid = sizes.isArray() && sizes.size() <= Tensor.MOST_DIMENSIONS;
        long[] shape = new long[valid ? sizes.size() : 0];
        for (int i = 0; i < shape.length; i++) {
            JsonNode size = sizes.get(i);
            valid &= size.isIntegralNumber() && size.canConvertToLong() && size.asLong() >= -1;
            shape[i] = size.asLong();
        }
        if (!valid) {
            problems.add(place + "shape: not understood (expected: a list of at most " + Tensor.MOST_DIMENSIONS
                    + " whole numbers, -1 for any size)");
        }
        return shape;
    }
}
