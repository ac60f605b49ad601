package dev.millwright.serving;

import ai.onnxruntime.MapInfo;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import dev.millwright.core.MillwrightException;
import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.TensorMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a loaded graph takes and gives, in the protocol's terms. */
final class GraphTensors {
    private GraphTensors() {}

    /** The inputs, in the graph's order; {@link ServingError#MODEL_UNFIT} when one can't be fed. */
    static List<TensorMetadata> inputs(Map<String, NodeInfo> nodes) {
        List<TensorMetadata> inputs = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        nodes.forEach((name, node) -> {
            Optional<Datatype> datatype = node.getInfo() instanceof TensorInfo tensor
                    ? OnnxTensors.datatype(tensor).filter(OnnxTensors::canBeWritten)
                    : Optional.empty();
            if (datatype.isPresent()) {
                inputs.add(new TensorMetadata(name, datatype.get(), ((TensorInfo) node.getInfo()).getShape()));
            } else {
                problems.add(
                        "input " + name + ": " + describe(node)
                                + " (expected: a tensor of float, double, float16, bfloat16, int8 to int64, uint8, bool or string)");
            }
        });
        refuse(problems);
        return List.copyOf(inputs);
    }

    /** The outputs, in the graph's order; {@link ServingError#MODEL_UNFIT} when one can't be read. */
    static List<GraphOutput> outputs(Map<String, NodeInfo> nodes) {
        List<GraphOutput> outputs = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        nodes.forEach(
                (name, node) -> output(name, node)
                        .ifPresentOrElse(
                                outputs::add,
                                () -> problems.add(
                                        "output " + name + ": " + describe(node)
                                                + " (expected: a tensor, a map, or a sequence of maps or tensors, of numbers or text)")));
        refuse(problems);
        return List.copyOf(outputs);
    }

    private static Optional<GraphOutput> output(String name, NodeInfo node) {
        return switch (node.getInfo()) {
            case TensorInfo tensor ->
                OnnxTensors.datatype(tensor)
                        .map(datatype -> new GraphOutput.Plain(new TensorMetadata(name, datatype, tensor.getShape())));
            case MapInfo map -> keys(map).map(keys -> new GraphOutput.OneMap(name, keys, values(map)));
            case SequenceInfo sequence
            when sequence.isSequenceOfMaps() ->
                keys(sequence.mapInfo).map(keys -> new GraphOutput.Maps(name, keys, values(sequence.mapInfo)));
            case SequenceInfo sequence ->
                OnnxTensors.datatype(sequence.sequenceType).map(elements -> new GraphOutput.Sequence(name, elements));
            default -> Optional.empty();
        };
    }

    private static Optional<Datatype> keys(MapInfo map) {
        return OnnxTensors.datatype(map.keyType)
                .filter(type -> type == Datatype.BYTES || type == Datatype.INT64)
                .filter(_ -> OnnxTensors.datatype(map.valueType).isPresent());
    }

    private static Datatype values(MapInfo map) {
        return OnnxTensors.datatype(map.valueType).orElseThrow();
    }

    private static String describe(NodeInfo node) {
        return node.getInfo() instanceof TensorInfo tensor
                ? "a tensor of " + tensor.onnxType.name().replace("ONNX_TENSOR_ELEMENT_DATA_TYPE_", "")
                : node.getInfo().toString();
    }

    private static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new MillwrightException(
                    ServingError.MODEL_UNFIT, "model: " + String.join(System.lineSeparator(), problems));
        }
    }
}
