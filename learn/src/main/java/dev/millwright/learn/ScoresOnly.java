package dev.millwright.learn;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.millwright.core.InvalidInputException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Takes the label out of our own graphs, with the nodes that only it needs: there it follows from the probabilities. */
public final class ScoresOnly {
    private static final String LABEL = "label";

    private ScoresOnly() {}

    /**
     * The graph without its label; empty when it is one of others, whose labels may follow from whatever they like.
     *
     * @throws InvalidInputException when it is no graph
     */
    public static Optional<byte[]> of(byte[] onnx) {
        OnnxMl.ModelProto.Builder model;
        try {
            model = OnnxMl.ModelProto.parseFrom(onnx).toBuilder();
        } catch (InvalidProtocolBufferException damaged) {
            throw new InvalidInputException("model: not ONNX: " + damaged.getMessage() + " (expected: an ONNX graph)");
        }
        if (!model.getProducerName().equals(OnnxGraph.PRODUCER)) {
            return Optional.empty();
        }
        OnnxMl.GraphProto.Builder graph = model.getGraphBuilder();
        List<OnnxMl.ValueInfoProto> outputs = graph.getOutputList().stream()
                .filter(output -> !output.getName().equals(LABEL))
                .toList();
        graph.clearOutput().addAllOutput(outputs);
        Set<String> needed = new HashSet<>();
        outputs.forEach(output -> needed.add(output.getName()));
        List<OnnxMl.NodeProto> kept = new ArrayList<>();
        // Nodes stand in the order in which they are run, so that whoever needs a node comes after it.
        for (OnnxMl.NodeProto node : graph.getNodeList().reversed()) {
            if (node.getOutputList().stream().anyMatch(needed::contains)) {
                needed.addAll(node.getInputList());
                kept.addFirst(node);
            }
        }
        List<OnnxMl.TensorProto> constants = graph.getInitializerList().stream()
                .filter(constant -> needed.contains(constant.getName()))
                .toList();
        graph.clearNode().addAllNode(kept).clearInitializer().addAllInitializer(constants);
        return Optional.of(model.build().toByteArray());
    }
}
