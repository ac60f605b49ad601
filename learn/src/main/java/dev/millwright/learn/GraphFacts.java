package dev.millwright.learn;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Problem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What a graph that somebody else exported says of itself. Immutable.
 *
 * @param onnx the graph with all of its weights inside; do not change the array
 * @param inputs what it takes, constants left out
 * @param classes the lists of classes that its nodes and constants name: which of them is meant, only a run can tell
 */
public record GraphFacts(byte[] onnx, List<Input> inputs, List<List<String>> classes) {
    /** Names more, and it is no list of classes. */
    private static final int MOST_CLASSES = 10_000;

    private static final Set<String> CLASS_ATTRIBUTES =
            Set.of("classlabels_strings", "classlabels_int64s", "classlabels_ints", "classes_strings");

    private static final Map<Integer, InputType> TYPES = Map.of(
            OnnxGraph.FLOAT, InputType.NUMBER,
            OnnxGraph.DOUBLE, InputType.NUMBER,
            OnnxGraph.INT64, InputType.NUMBER,
            OnnxMl.TensorProto.DataType.INT32_VALUE, InputType.NUMBER,
            OnnxMl.TensorProto.DataType.BOOL_VALUE, InputType.NUMBER,
            OnnxGraph.STRING, InputType.TEXT);

    public GraphFacts {
        inputs = List.copyOf(inputs);
        classes = List.copyOf(classes);
    }

    /**
     * An input.
     *
     * @param width how many values a row has; -1 when the graph leaves that open
     * @param whole whether only whole numbers go in
     */
    public record Input(String name, InputType type, int width, boolean whole) {}

    /**
     * Reads a graph.
     *
     * @param files the bytes of a file beside the graph, for weights that are kept outside; asked for by name, never by path
     * @throws InvalidInputException naming everything that keeps it from being used
     */
    public static GraphFacts of(byte[] onnx, Function<String, Optional<byte[]>> files) {
        OnnxMl.ModelProto whole = whole(onnx, files);
        List<Problem> problems = new ArrayList<>();
        Set<String> constants = new LinkedHashSet<>();
        whole.getGraph().getInitializerList().forEach(each -> constants.add(each.getName()));
        List<Input> inputs = new ArrayList<>();
        whole.getGraph().getInputList().stream()
                .filter(input -> !constants.contains(input.getName()))
                .forEach(input -> input(input, problems).ifPresent(inputs::add));
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return new GraphFacts(whole.toByteArray(), inputs, classes(whole.getGraph()));
    }

    /**
     * A graph with all of its weights inside, and nothing in it that leads to another file.
     *
     * @param files as in {@link #of}
     * @throws InvalidInputException naming everything that is outside
     */
    public static byte[] selfContained(byte[] onnx, Function<String, Optional<byte[]>> files) {
        return whole(onnx, files).toByteArray();
    }

    private static OnnxMl.ModelProto whole(byte[] onnx, Function<String, Optional<byte[]>> files) {
        OnnxMl.ModelProto.Builder model = parse(onnx);
        List<Problem> problems = new ArrayList<>();
        ExternalTensors.inline(model.getGraphBuilder(), files, problems);
        OnnxMl.ModelProto whole = model.build();
        if (problems.isEmpty()) {
            refuseReferences(whole, problems);
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return whole;
    }

    private static OnnxMl.ModelProto.Builder parse(byte[] onnx) {
        try {
            return OnnxMl.ModelProto.parseFrom(onnx).toBuilder();
        } catch (InvalidProtocolBufferException damaged) {
            throw new InvalidInputException(
                    "model: not ONNX: " + damaged.getMessage() + " (expected: what onnx.save writes).");
        }
    }

    /** Whatever would make a runtime open another file: weights outside, wherever they are named, and compiled parts. */
    private static void refuseReferences(Message message, List<Problem> problems) {
        if (message instanceof OnnxMl.TensorProto tensor
                && (tensor.getDataLocation() == OnnxMl.TensorProto.DataLocation.EXTERNAL
                        || tensor.getExternalDataCount() > 0)) {
            problems.add(Problem.of("model: the weights '" + tensor.getName()
                    + "' are in another file (expected: all within the graph). Save it as one file."));
        }
        if (message instanceof OnnxMl.NodeProto node && node.getOpType().equals("EPContext")) {
            problems.add(Problem.of("model: the node '" + node.getName()
                    + "' holds what was compiled for one device (expected: plain operators). Export it again."));
        }
        message.getAllFields().forEach((field, value) -> {
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                if (value instanceof List<?> list) {
                    list.forEach(each -> refuseReferences((Message) each, problems));
                } else {
                    refuseReferences((Message) value, problems);
                }
            }
        });
    }

    private static Optional<Input> input(OnnxMl.ValueInfoProto value, List<Problem> problems) {
        Optional<OnnxMl.TypeProto.Tensor> tensor = ForeignGraph.tensor(value);
        InputType type = tensor.map(found -> TYPES.get(found.getElemType())).orElse(null);
        List<Long> shape = tensor.flatMap(ForeignGraph::shape).orElse(List.of());
        boolean rows = (shape.size() == 1 || shape.size() == 2) && shape.getFirst() < 0;
        if (type == null || !rows) {
            problems.add(Problem.of("model: input " + value.getName() + ": " + ForeignGraph.describe(value)
                    + " (expected: a column, float, double, int64, int32, bool or string [N, 1], or one tensor [N, k] of all"
                    + " columns, with N open). Export it with an open first dimension."));
            return Optional.empty();
        }
        int element = tensor.orElseThrow().getElemType();
        return Optional.of(new Input(
                value.getName(),
                type,
                shape.size() == 1 ? 1 : Math.toIntExact(shape.get(1)),
                type == InputType.NUMBER && element != OnnxGraph.FLOAT && element != OnnxGraph.DOUBLE));
    }

    private static List<List<String>> classes(OnnxMl.GraphProto graph) {
        Set<List<String>> found = new LinkedHashSet<>();
        // The last node is the nearest to what the graph gives.
        for (OnnxMl.NodeProto node : graph.getNodeList().reversed()) {
            for (OnnxMl.AttributeProto attribute : node.getAttributeList()) {
                if (CLASS_ATTRIBUTES.contains(attribute.getName())) {
                    List<String> names = new ArrayList<>();
                    attribute.getStringsList().stream()
                            .map(ByteString::toStringUtf8)
                            .forEach(names::add);
                    attribute.getIntsList().forEach(number -> names.add(number.toString()));
                    found.add(List.copyOf(names));
                }
            }
        }
        graph.getInitializerList().forEach(tensor -> names(tensor).ifPresent(found::add));
        found.removeIf(List::isEmpty);
        return List.copyOf(found);
    }

    /** A constant list of texts or whole numbers: what labels are looked up in. */
    private static Optional<List<String>> names(OnnxMl.TensorProto tensor) {
        if (tensor.getDimsCount() != 1 || tensor.getDims(0) < 2 || tensor.getDims(0) > MOST_CLASSES) {
            return Optional.empty();
        }
        return switch (tensor.getDataType()) {
            case OnnxMl.TensorProto.DataType.STRING_VALUE ->
                Optional.of(tensor.getStringDataList().stream()
                        .map(ByteString::toStringUtf8)
                        .toList());
            case OnnxMl.TensorProto.DataType.INT64_VALUE, OnnxMl.TensorProto.DataType.INT32_VALUE ->
                Optional.of(numbers(tensor));
            default -> Optional.empty();
        };
    }

    private static List<String> numbers(OnnxMl.TensorProto tensor) {
        List<String> numbers = new ArrayList<>();
        tensor.getInt64DataList().forEach(number -> numbers.add(number.toString()));
        tensor.getInt32DataList().forEach(number -> numbers.add(number.toString()));
        ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        boolean wide = tensor.getDataType() == OnnxMl.TensorProto.DataType.INT64_VALUE;
        while (raw.remaining() >= (wide ? Long.BYTES : Integer.BYTES)) {
            numbers.add(wide ? Long.toString(raw.getLong()) : Integer.toString(raw.getInt()));
        }
        return numbers;
    }
}
