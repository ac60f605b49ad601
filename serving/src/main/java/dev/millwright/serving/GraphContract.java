package dev.millwright.serving;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Compares what an ONNX graph takes and gives with what its {@link ModelSignature} says. */
final class GraphContract {
    private GraphContract() {}

    /** A tensor's element type and shape; -1 is any size. */
    private record Tensor(OnnxJavaType type, long... shape) {
        boolean fits(TensorInfo found) {
            long[] dimensions = found.getShape();
            if (found.type != type || dimensions.length != shape.length) {
                return false;
            }
            for (int i = 0; i < shape.length; i++) {
                // A dimension that the graph leaves open is checked by the first run.
                boolean open = dimensions[i] == -1;
                if (shape[i] == -1 ? !open : !open && dimensions[i] != shape[i]) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return describe(type, shape);
        }
    }

    private static String describe(OnnxJavaType type, long[] shape) {
        return type.name().toLowerCase(java.util.Locale.ROOT)
                + Arrays.stream(shape)
                        .mapToObj(size -> size < 0 ? "N" : Long.toString(size))
                        .collect(Collectors.joining(", ", "[", "]"));
    }

    static void check(OrtSession session, ModelSignature signature, RuntimeOptions.Labels labels) {
        List<String> problems = new ArrayList<>();
        try {
            checkInputs(session.getInputInfo(), signature, problems);
            checkOutputs(session.getOutputInfo(), signature, labels, problems);
        } catch (OrtException e) {
            throw new MillwrightException(
                    ServingError.MODEL_UNFIT, "model: its graph can't be read: " + e.getMessage(), e);
        }
        if (!problems.isEmpty()) {
            throw new MillwrightException(
                    ServingError.MODEL_UNFIT,
                    "model: its graph doesn't fit its signature; export it again. "
                            + String.join(System.lineSeparator(), problems));
        }
    }

    private static void checkInputs(Map<String, NodeInfo> found, ModelSignature signature, List<String> problems) {
        for (ModelSignature.Input input : signature.inputs()) {
            OnnxJavaType type = input.type() == InputType.NUMBER ? OnnxJavaType.FLOAT : OnnxJavaType.STRING;
            compare("input", input.name(), new Tensor(type, -1, 1), found, problems);
        }
        for (String name : found.keySet()) {
            if (!signature.inputNames().contains(name)) {
                problems.add("input " + name + ": not in the signature (expected: its columns alone)."
                        + Words.suggestion(name, signature.inputNames()));
            }
        }
    }

    private static void checkOutputs(
            Map<String, NodeInfo> found,
            ModelSignature signature,
            RuntimeOptions.Labels labels,
            List<String> problems) {
        if (signature.task().isClassification()) {
            if (labels == RuntimeOptions.Labels.OF_GRAPH) {
                compare("output", "label", new Tensor(OnnxJavaType.STRING, -1), found, problems);
            }
            compare(
                    "output",
                    "probabilities",
                    new Tensor(OnnxJavaType.FLOAT, -1, signature.classes().size()),
                    found,
                    problems);
        } else {
            compare("output", "prediction", new Tensor(OnnxJavaType.FLOAT, -1, 1), found, problems);
        }
    }

    private static void compare(
            String side, String name, Tensor expected, Map<String, NodeInfo> found, List<String> problems) {
        NodeInfo node = found.get(name);
        if (node == null) {
            problems.add(side + " " + name + ": missing (expected: " + expected + ")."
                    + Words.suggestion(name, found.keySet()));
        } else if (!(node.getInfo() instanceof TensorInfo tensor)) {
            problems.add(side + " " + name + ": " + node.getInfo() + " (expected: the tensor " + expected + ")");
        } else if (!expected.fits(tensor)) {
            problems.add(side + " " + name + ": " + describe(tensor.type, tensor.getShape()) + " (expected: " + expected
                    + ")");
        }
    }
}
