package dev.millwright.learn;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import dev.millwright.core.ModelSignature.InputType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes one ONNX model, node by node, in the order of the calls: the same calls give the same bytes. Tensors made inside
 * are named {@code @OPERATOR_NUMBER}, so that they meet no column's name. Not thread-safe.
 */
final class OnnxGraph {
    /** By which our own graphs are told from those of others. */
    static final String PRODUCER = "millwright";

    /** Opset 20 brought StringSplit; the versions are those that ONNX Runtime 1.17 and newer read. */
    static final long OPSET = 20;

    private static final long ML_OPSET = 3;
    private static final long IR_VERSION = 9;
    private static final String ML = "ai.onnx.ml";

    static final int FLOAT = OnnxMl.TensorProto.DataType.FLOAT_VALUE;
    static final int DOUBLE = OnnxMl.TensorProto.DataType.DOUBLE_VALUE;
    static final int INT64 = OnnxMl.TensorProto.DataType.INT64_VALUE;
    static final int STRING = OnnxMl.TensorProto.DataType.STRING_VALUE;

    private final OnnxMl.GraphProto.Builder graph =
            OnnxMl.GraphProto.newBuilder().setName("model");
    private int made;

    /** A column: [N, 1], float32 or string. */
    void input(String name, InputType type) {
        int element = switch (type) {
            case NUMBER -> FLOAT;
            case TEXT -> STRING;
        };
        graph.addInput(valueInfo(name, element, 1));
    }

    /** A result: [N, columns], or [N] when {@code columns} is 0. */
    void output(String name, int elementType, int columns) {
        graph.addOutput(valueInfo(name, elementType, columns));
    }

    /** Adds a node of the standard domain; returns the name of its output. */
    String node(String operator, List<String> inputs, OnnxMl.AttributeProto... attributes) {
        return node(operator, inputs, fresh(operator), attributes);
    }

    String node(String operator, List<String> inputs, String output, OnnxMl.AttributeProto... attributes) {
        return add("", operator, inputs, output, attributes);
    }

    /** Adds a node that has a second output which nobody reads; returns the name of the first. */
    String firstOf(String operator, List<String> inputs, OnnxMl.AttributeProto... attributes) {
        String first = node(operator, inputs, attributes);
        graph.getNodeBuilder(graph.getNodeCount() - 1).addOutput(fresh(operator));
        return first;
    }

    /** Adds a node of the domain ai.onnx.ml; returns the name of its output. */
    String mlNode(String operator, String input, OnnxMl.AttributeProto... attributes) {
        return add(ML, operator, List.of(input), fresh(operator), attributes);
    }

    /** Joins [N, a], [N, b], … to [N, a + b + …]; one alone stays as it is. */
    String concat(List<String> parts) {
        return parts.size() == 1 ? parts.getFirst() : node("Concat", parts, integer("axis", 1));
    }

    String cast(String input, int elementType) {
        return node("Cast", List.of(input), integer("to", elementType));
    }

    private String add(
            String domain, String operator, List<String> inputs, String output, OnnxMl.AttributeProto[] attributes) {
        graph.addNode(OnnxMl.NodeProto.newBuilder()
                .setName(operator + "_" + graph.getNodeCount())
                .setDomain(domain)
                .setOpType(operator)
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(Arrays.asList(attributes)));
        return output;
    }

    private String fresh(String kind) {
        return "@" + kind + "_" + made++;
    }

    // Constants; without dimensions a scalar.

    String floats(float[] values, long... dimensions) {
        return initializer(tensor(FLOAT, dimensions).addAllFloatData(boxed(values)));
    }

    String doubles(double[] values, long... dimensions) {
        return initializer(tensor(DOUBLE, dimensions)
                .addAllDoubleData(Arrays.stream(values).boxed().toList()));
    }

    String longs(long[] values, long... dimensions) {
        return initializer(tensor(INT64, dimensions)
                .addAllInt64Data(Arrays.stream(values).boxed().toList()));
    }

    String strings(List<String> values, long... dimensions) {
        return initializer(tensor(STRING, dimensions).addAllStringData(utf8(values)));
    }

    private String initializer(OnnxMl.TensorProto.Builder tensor) {
        String name = fresh("constant");
        graph.addInitializer(tensor.setName(name));
        return name;
    }

    static OnnxMl.TensorProto.Builder tensor(int elementType, long... dimensions) {
        return OnnxMl.TensorProto.newBuilder()
                .setDataType(elementType)
                .addAllDims(Arrays.stream(dimensions).boxed().toList());
    }

    // Attributes.

    static OnnxMl.AttributeProto integer(String name, long value) {
        return attribute(name, OnnxMl.AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    static OnnxMl.AttributeProto number(String name, float value) {
        return attribute(name, OnnxMl.AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    static OnnxMl.AttributeProto word(String name, String value) {
        return attribute(name, OnnxMl.AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    static OnnxMl.AttributeProto integers(String name, long... values) {
        return attribute(name, OnnxMl.AttributeProto.AttributeType.INTS)
                .addAllInts(Arrays.stream(values).boxed().toList())
                .build();
    }

    static OnnxMl.AttributeProto numbers(String name, float... values) {
        return attribute(name, OnnxMl.AttributeProto.AttributeType.FLOATS)
                .addAllFloats(boxed(values))
                .build();
    }

    static OnnxMl.AttributeProto words(String name, List<String> values) {
        return attribute(name, OnnxMl.AttributeProto.AttributeType.STRINGS)
                .addAllStrings(utf8(values))
                .build();
    }

    static OnnxMl.AttributeProto doubles(String name, double... values) {
        return attribute(name, OnnxMl.AttributeProto.AttributeType.TENSOR)
                .setT(tensor(DOUBLE, values.length)
                        .setName(name)
                        .addAllDoubleData(Arrays.stream(values).boxed().toList()))
                .build();
    }

    private static OnnxMl.AttributeProto.Builder attribute(String name, OnnxMl.AttributeProto.AttributeType type) {
        return OnnxMl.AttributeProto.newBuilder().setName(name).setType(type);
    }

    /** The finished model. */
    byte[] bytes(String description, Map<String, String> metadata) {
        OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName(PRODUCER)
                .setProducerVersion("1")
                .setDomain("dev.millwright")
                .setModelVersion(1)
                .setDocString(description)
                .addOpsetImport(
                        OnnxMl.OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .addOpsetImport(
                        OnnxMl.OperatorSetIdProto.newBuilder().setDomain(ML).setVersion(ML_OPSET))
                .setGraph(graph);
        new TreeMap<>(metadata)
                .forEach((key, value) -> model.addMetadataProps(
                        OnnxMl.StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.build().toByteArray();
    }

    static OnnxMl.ValueInfoProto valueInfo(String name, int elementType, int columns) {
        OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder()
                .addDim(OnnxMl.TensorShapeProto.Dimension.newBuilder().setDimParam("N"));
        if (columns > 0) {
            shape.addDim(OnnxMl.TensorShapeProto.Dimension.newBuilder().setDimValue(columns));
        }
        return OnnxMl.ValueInfoProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.TypeProto.newBuilder()
                        .setTensorType(OnnxMl.TypeProto.Tensor.newBuilder()
                                .setElemType(elementType)
                                .setShape(shape)))
                .build();
    }

    private static List<Float> boxed(float[] values) {
        List<Float> boxed = new ArrayList<>(values.length);
        for (float value : values) {
            boxed.add(value);
        }
        return boxed;
    }

    private static List<ByteString> utf8(List<String> values) {
        return values.stream().map(ByteString::copyFromUtf8).toList();
    }
}
