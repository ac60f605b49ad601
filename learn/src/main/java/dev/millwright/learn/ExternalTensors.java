package dev.millwright.learn;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import dev.millwright.core.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Takes weights that a graph keeps in files beside it into the graph, so that a model is one file. */
final class ExternalTensors {
    private final Function<String, Optional<byte[]>> files;
    private final List<Problem> problems;
    private final Map<String, Optional<byte[]>> read = new HashMap<>();

    private ExternalTensors(Function<String, Optional<byte[]>> files, List<Problem> problems) {
        this.files = files;
        this.problems = problems;
    }

    static void inline(
            OnnxMl.GraphProto.Builder graph, Function<String, Optional<byte[]>> files, List<Problem> problems) {
        new ExternalTensors(files, problems).inline(graph);
    }

    private void inline(OnnxMl.GraphProto.Builder graph) {
        graph.getInitializerBuilderList().forEach(this::inline);
        for (OnnxMl.NodeProto.Builder node : graph.getNodeBuilderList()) {
            for (OnnxMl.AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
                if (attribute.hasT()) {
                    inline(attribute.getTBuilder());
                }
                if (attribute.hasG()) {
                    inline(attribute.getGBuilder());
                }
                attribute.getTensorsBuilderList().forEach(this::inline);
                attribute.getGraphsBuilderList().forEach(this::inline);
            }
        }
    }

    private void inline(OnnxMl.TensorProto.Builder tensor) {
        if (tensor.getDataLocation() != OnnxMl.TensorProto.DataLocation.EXTERNAL) {
            return;
        }
        Map<String, String> where = new HashMap<>();
        tensor.getExternalDataList().forEach(entry -> where.put(entry.getKey(), entry.getValue()));
        String location = where.getOrDefault("location", "");
        Optional<byte[]> file = read.computeIfAbsent(location, files);
        if (file.isEmpty()) {
            problems.add(
                    Problem.of(
                            "model: the weights '" + tensor.getName() + "' are in '" + location
                                    + "' (expected: within the graph, or in a file that was logged beside it). Save the graph as one file, or log both."));
            return;
        }
        try {
            long offset = Long.parseLong(where.getOrDefault("offset", "0"));
            long length =
                    where.containsKey("length") ? Long.parseLong(where.get("length")) : file.get().length - offset;
            tensor.setRawData(ByteString.copyFrom(file.get(), Math.toIntExact(offset), Math.toIntExact(length)))
                    .clearExternalData()
                    .clearDataLocation();
        } catch (ArithmeticException | NumberFormatException | IndexOutOfBoundsException wrong) {
            problems.add(Problem.of("model: the weights '" + tensor.getName() + "' begin at "
                    + where.getOrDefault("offset", "0") + " of '" + location + "', which has " + file.get().length
                    + " bytes (expected: all of them within the file). Log the graph again."));
        }
    }
}
