package dev.millwright.serving;

import ai.onnxruntime.OrtException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says why ONNX Runtime can't load a graph, for those who made it. */
final class LoadFailure {
    private static final Pattern OPERATOR =
            Pattern.compile("Fatal error: (?<operator>\\S+?)\\((?<version>-?\\d+)\\) is not a registered function/op");
    private static final Pattern KERNEL = Pattern.compile(
            "Could not find an implementation for (?<operator>\\S+?)\\((?<version>\\d+)\\) node with name '(?<node>[^']*)'");
    private static final Pattern OPSET = Pattern.compile(
            "ONNX Runtime only \\*guarantees\\* support for models stamped with official released onnx opset versions\\. Opset"
                    + " (?<opset>\\d+) is under development.*up to (?<newest>\\d+)",
            Pattern.DOTALL);
    private static final Pattern IR =
            Pattern.compile("Unsupported model IR version: (?<ir>\\d+), max supported IR version: (?<newest>\\d+)");
    private static final Pattern TYPE = Pattern.compile("Type Error: (?<what>[^\\n]*)");

    private LoadFailure() {}

    static String describe(OrtException failure) {
        String told = String.valueOf(failure.getMessage());
        Matcher operator = OPERATOR.matcher(told);
        if (operator.find()) {
            return "model: operator " + operator.group("operator") + " (expected: one that ONNX Runtime knows)."
                    + " Export the model without it, or with operators of the standard.";
        }
        Matcher kernel = KERNEL.matcher(told);
        if (kernel.find()) {
            return "model: operator " + kernel.group("operator") + " of version " + kernel.group("version") + ", node '"
                    + kernel.group("node")
                    + "' (expected: one that ONNX Runtime implements for the types that go in). Export the model with float32,"
                    + " or for another opset.";
        }
        Matcher opset = OPSET.matcher(told);
        if (opset.find()) {
            return "model: opset " + opset.group("opset") + " (expected: at most " + opset.group("newest")
                    + "). Export it for an older opset.";
        }
        Matcher ir = IR.matcher(told);
        if (ir.find()) {
            return "model: IR version " + ir.group("ir") + " (expected: at most " + ir.group("newest")
                    + "). Save it with an older version of the onnx package.";
        }
        Matcher type = TYPE.matcher(told);
        if (type.find()) {
            return "model: " + type.group("what").strip()
                    + " (expected: types that its operators take). Export it again.";
        }
        return "model: ONNX Runtime can't load it: " + told + " (expected: an ONNX graph of operators that it knows)";
    }
}
