package dev.millwright.learn;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Problem;
import dev.millwright.core.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A model that somebody else exported, with the inputs and outputs that models have here: what the graph takes and gives is
 * joined to them by nodes before and after it, and its own nodes stay as they are. Immutable and thread-safe.
 *
 * @param signature its inputs are those of the columns that the graph takes
 * @param onnx the graph; do not change the array
 */
public record ImportedModel(ModelSignature signature, byte[] onnx) {
    /** Where a label changes, as far as anybody knows. */
    private static final double THRESHOLD = 0.5;

    private static final long OLDEST_OPSET = 9;

    /**
     * What the graph is to be used for.
     *
     * @param columns the feature columns that it may take, in their order
     * @param classes of a classification, in the order of the probabilities; empty for a regression
     */
    public record Use(List<ModelSignature.Input> columns, Task task, List<String> classes) {
        public Use {
            columns = List.copyOf(columns);
            classes = List.copyOf(classes);
        }
    }

    /**
     * Fits a graph to its use. It may take each column as an input of that name, [N, 1] or [N], of any type that a number can be
     * cast to, or string; or all columns as one tensor [N, columns] when all are of one kind. A classifier gives
     * probabilities, [N, classes] or of two classes that of the second, alone or as skl2onnx's maps, and may give labels; a
     * regressor gives one number a row.
     *
     * @param files the bytes of a file beside the graph, for weights that are kept outside
     * @throws InvalidInputException naming everything that keeps the graph from being used
     */
    public static ImportedModel of(byte[] onnx, Function<String, Optional<byte[]>> files, Use use) {
        OnnxMl.ModelProto.Builder model = parse(onnx);
        if (model.getProducerName().equals(OnnxGraph.PRODUCER)) {
            // One of ours that came back may have been changed meanwhile: its label counts, as that of any other.
            model.setProducerName(OnnxGraph.PRODUCER + ", imported");
        }
        List<Problem> problems = new ArrayList<>();
        requireOpset(model, problems);
        ExternalTensors.inline(model.getGraphBuilder(), files, problems);
        ForeignGraph graph = ForeignGraph.of(model.getGraph());
        List<ModelSignature.Input> taken = new ForeignInputs(graph, use, problems).join();
        new ForeignOutputs(graph, use, problems).join();
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return new ImportedModel(
                new ModelSignature(use.task(), taken, use.classes(), THRESHOLD),
                model.setGraph(graph.build()).build().toByteArray());
    }

    private static OnnxMl.ModelProto.Builder parse(byte[] onnx) {
        try {
            OnnxMl.ModelProto model = OnnxMl.ModelProto.parseFrom(onnx);
            if (model.hasGraph() && model.getGraph().getOutputCount() > 0) {
                return model.toBuilder();
            }
        } catch (InvalidProtocolBufferException damaged) {
            throw new InvalidInputException(
                    "model: not ONNX: " + damaged.getMessage() + " (expected: what onnx.save writes).");
        }
        throw new InvalidInputException(
                "model: not ONNX: it has no graph with outputs (expected: what onnx.save writes).");
    }

    private static void requireOpset(OnnxMl.ModelProto.Builder model, List<Problem> problems) {
        long opset = model.getOpsetImportList().stream()
                .filter(each -> each.getDomain().isEmpty() || each.getDomain().equals("ai.onnx"))
                .mapToLong(OnnxMl.OperatorSetIdProto::getVersion)
                .max()
                .orElse(0);
        if (opset == 0) {
            model.addOpsetImport(
                    OnnxMl.OperatorSetIdProto.newBuilder().setDomain("").setVersion(OnnxGraph.OPSET));
        } else if (opset < OLDEST_OPSET) {
            problems.add(Problem.of("model: opset " + opset + " (expected: " + OLDEST_OPSET
                    + " or newer). Export it with a newer target opset."));
        }
    }
}
