package dev.millwright.learn;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A graph of somebody else's between inputs and outputs of ours. Every tensor of it gets a name that no column and no output of
 * ours can have. Nodes are added before it and after it. Not thread-safe.
 */
final class ForeignGraph {
    private static final String INNER = "@model/";
    private static final Map<Integer, String> TYPES = Map.ofEntries(
            Map.entry(OnnxGraph.FLOAT, "float"),
            Map.entry(OnnxGraph.DOUBLE, "double"),
            Map.entry(OnnxGraph.INT64, "int64"),
            Map.entry(OnnxGraph.STRING, "string"),
            Map.entry(OnnxMl.TensorProto.DataType.INT32_VALUE, "int32"),
            Map.entry(OnnxMl.TensorProto.DataType.FLOAT16_VALUE, "float16"),
            Map.entry(OnnxMl.TensorProto.DataType.BOOL_VALUE, "bool"));

    private final OnnxMl.GraphProto.Builder graph;
    private final List<OnnxMl.NodeProto> before = new ArrayList<>();
    private final List<OnnxMl.NodeProto> after = new ArrayList<>();
    private final List<OnnxMl.ValueInfoProto> inputs;
    private final List<OnnxMl.ValueInfoProto> outputs;
    private int made;

    private ForeignGraph(OnnxMl.GraphProto original) {
        Set<String> constants = new HashSet<>();
        original.getInitializerList().forEach(each -> constants.add(each.getName()));
        this.inputs = original.getInputList().stream()
                .filter(input -> !constants.contains(input.getName()))
                .toList();
        this.outputs = original.getOutputList();
        this.graph =
                original.toBuilder().clearInput().clearOutput().clearValueInfo().clearQuantizationAnnotation();
        original.getInputList().stream()
                .filter(input -> constants.contains(input.getName()))
                .forEach(input -> graph.addInput(input.toBuilder().setName(inner(input.getName()))));
        rename(graph);
    }

    static ForeignGraph of(OnnxMl.GraphProto original) {
        return new ForeignGraph(original);
    }

    /** How the graph itself calls what it called {@code name} before. */
    static String inner(String name) {
        return name.isEmpty() ? name : INNER + name; // an empty name stands for what is left out
    }

    private static void rename(OnnxMl.GraphProto.Builder graph) {
        graph.getInitializerBuilderList().forEach(each -> each.setName(inner(each.getName())));
        graph.getSparseInitializerBuilderList()
                .forEach(each ->
                        each.getValuesBuilder().setName(inner(each.getValues().getName())));
        for (OnnxMl.NodeProto.Builder node : graph.getNodeBuilderList()) {
            for (int i = 0; i < node.getInputCount(); i++) {
                node.setInput(i, inner(node.getInput(i)));
            }
            for (int i = 0; i < node.getOutputCount(); i++) {
                node.setOutput(i, inner(node.getOutput(i)));
            }
            for (OnnxMl.AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
                if (attribute.hasG()) {
                    renameSubgraph(attribute.getGBuilder());
                }
                attribute.getGraphsBuilderList().forEach(ForeignGraph::renameSubgraph);
            }
        }
    }

    private static void renameSubgraph(OnnxMl.GraphProto.Builder graph) {
        rename(graph);
        graph.clearValueInfo().clearQuantizationAnnotation();
        graph.getInputBuilderList().forEach(each -> each.setName(inner(each.getName())));
        graph.getOutputBuilderList().forEach(each -> each.setName(inner(each.getName())));
    }

    /** What the graph took from outside, by its own names; without constants. */
    List<OnnxMl.ValueInfoProto> inputs() {
        return inputs;
    }

    /** What the graph gave, by its own names. */
    List<OnnxMl.ValueInfoProto> outputs() {
        return outputs;
    }

    /** The node that makes what the graph calls {@code name}. */
    Optional<OnnxMl.NodeProto> maker(String name) {
        return graph.getNodeList().stream()
                .filter(node -> node.getOutputList().contains(inner(name)))
                .findFirst();
    }

    /** Leaves a node out whose output nobody but the caller reads. */
    void remove(OnnxMl.NodeProto node) {
        graph.removeNode(graph.getNodeList().indexOf(node));
    }

    /** Declares an input of ours, [N, 1]. */
    void input(String name, int elementType) {
        graph.addInput(OnnxGraph.valueInfo(name, elementType, 1));
    }

    /** Declares an output of ours, [N, columns], or [N] when {@code columns} is 0. */
    void output(String name, int elementType, int columns) {
        graph.addOutput(OnnxGraph.valueInfo(name, elementType, columns));
    }

    /** Adds a node that the graph's own nodes may read from. */
    void before(String operator, List<String> from, String to, OnnxMl.AttributeProto... attributes) {
        before.add(node(operator, from, to, attributes));
    }

    /** Adds a node that may read from the graph's own nodes. */
    void after(String operator, List<String> from, String to, OnnxMl.AttributeProto... attributes) {
        after.add(node(operator, from, to, attributes));
    }

    /** The same, with a name that is made up and returned. */
    String after(String operator, List<String> from, OnnxMl.AttributeProto... attributes) {
        String to = fresh();
        after(operator, from, to, attributes);
        return to;
    }

    private OnnxMl.NodeProto node(String operator, List<String> from, String to, OnnxMl.AttributeProto... attributes) {
        return OnnxMl.NodeProto.newBuilder()
                .setName("@" + operator + "_" + (before.size() + after.size()))
                .setOpType(operator)
                .addAllInput(from)
                .addOutput(to)
                .addAllAttribute(Arrays.asList(attributes))
                .build();
    }

    String fresh() {
        return "@joint_" + made++;
    }

    String longs(long... values) {
        String name = fresh();
        OnnxMl.TensorProto.Builder tensor =
                OnnxGraph.tensor(OnnxGraph.INT64, values.length).setName(name);
        Arrays.stream(values).forEach(tensor::addInt64Data);
        graph.addInitializer(tensor);
        return name;
    }

    String one() {
        String name = fresh();
        graph.addInitializer(OnnxGraph.tensor(OnnxGraph.FLOAT).setName(name).addFloatData(1));
        return name;
    }

    String strings(List<String> values) {
        String name = fresh();
        graph.addInitializer(OnnxGraph.tensor(OnnxGraph.STRING, values.size())
                .setName(name)
                .addAllStringData(values.stream().map(ByteString::copyFromUtf8).toList()));
        return name;
    }

    OnnxMl.GraphProto build() {
        List<OnnxMl.NodeProto> own = graph.getNodeList();
        return graph.clone()
                .clearNode()
                .addAllNode(before)
                .addAllNode(own)
                .addAllNode(after)
                .build();
    }

    // What a value is.

    static Optional<OnnxMl.TypeProto.Tensor> tensor(OnnxMl.ValueInfoProto value) {
        return value.getType().hasTensorType() ? Optional.of(value.getType().getTensorType()) : Optional.empty();
    }

    /** The dimensions, -1 where one is open; empty when not even their number is told. */
    static Optional<List<Long>> shape(OnnxMl.TypeProto.Tensor tensor) {
        return tensor.hasShape()
                ? Optional.of(tensor.getShape().getDimList().stream()
                        .map(each -> each.hasDimValue() ? each.getDimValue() : -1L)
                        .toList())
                : Optional.empty();
    }

    /** {@code float[N, 3]}, for a person. */
    static String describe(OnnxMl.ValueInfoProto value) {
        return tensor(value)
                .map(tensor -> TYPES.getOrDefault(tensor.getElemType(), "type " + tensor.getElemType())
                        + shape(tensor).map(ForeignGraph::describe).orElse(" of unknown shape"))
                .orElseGet(() -> value.getType()
                        .getValueCase()
                        .name()
                        .replace("_TYPE", "")
                        .toLowerCase(java.util.Locale.ROOT));
    }

    private static String describe(List<Long> shape) {
        return shape.stream().map(size -> size < 0 ? "N" : size.toString()).collect(Collectors.joining(", ", "[", "]"));
    }
}
