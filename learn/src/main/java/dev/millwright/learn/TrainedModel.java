package dev.millwright.learn;

import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model as its trainer knows it: it predicts by the trainer's own path, and as one ONNX graph from the feature columns.
 * Immutable and thread-safe.
 */
public final class TrainedModel {
    private final ModelSignature signature;
    private final Encoding encoding;
    private final Scorer scorer;
    private final Calibration calibration;
    private final Report report;
    private final byte[] onnx;

    /** What a fit says about itself. */
    record Report(
            String learner,
            Map<String, Object> parameters,
            List<CurvePoint> curve,
            double[] slotImportance,
            String notes) {}

    TrainedModel(ModelSignature signature, Encoding encoding, Scorer scorer, Calibration calibration, Report report) {
        this.signature = signature;
        this.encoding = encoding;
        this.scorer = scorer;
        this.calibration = calibration;
        this.report = report;
        this.onnx = write();
    }

    public ModelSignature signature() {
        return signature;
    }

    /** The model as ONNX: inputs and outputs as {@link ModelSignature} says. The caller may keep the array. */
    public byte[] onnx() {
        return onnx.clone();
    }

    /**
     * What the trainer's own code says about these rows, without ONNX. Agrees with the graph within 1e-6 + 1e-5·|p|.
     *
     * @param frame holds every input column, in any order
     */
    public Predictions predict(Frame frame) {
        return new Head(signature).predictions(calibration.apply(scorer.scores(encoding.apply(frame))));
    }

    /** How the loss fell, in the order of the steps. */
    public List<CurvePoint> curve() {
        return List.copyOf(report.curve());
    }

    /** Every parameter of the learner as it was used, defaults included, in the order of its list. */
    public Map<String, Object> parameters() {
        return report.parameters();
    }

    /**
     * How much each input column matters by the model's own account, summing to 1 (all 0 when nothing matters), in the order
     * of the inputs. For trees the gain of the splits on it; for linear models the absolute weights times the standard
     * deviation of what they weigh. Quick, and no substitute for permutation importance.
     */
    public Map<String, Double> importance() {
        Map<String, Double> byColumn = new LinkedHashMap<>();
        signature.inputNames().forEach(name -> byColumn.put(name, 0.0));
        List<String> owners = encoding.owners();
        double sum = 0;
        for (int slot = 0; slot < owners.size(); slot++) {
            byColumn.merge(owners.get(slot), report.slotImportance()[slot], Double::sum);
            sum += report.slotImportance()[slot];
        }
        double total = sum > 0 ? sum : 1;
        byColumn.replaceAll((name, value) -> value / total);
        return byColumn;
    }

    /** What was fitted, in one line for a person. */
    public String description() {
        return report.learner() + ": " + report.notes() + "; columns: " + encoding.describe();
    }

    Encoding encoding() {
        return encoding;
    }

    Scorer scorer() {
        return scorer;
    }

    Calibration calibration() {
        return calibration;
    }

    private byte[] write() {
        OnnxGraph graph = new OnnxGraph();
        signature.inputs().forEach(input -> graph.input(input.name(), input.type()));
        String features = new EncodingGraph(graph, scorer.absent()).write(encoding);
        String scores = calibration.write(graph, scorer.write(graph, features));
        new Head(signature).write(graph, scores);
        return graph.bytes(
                description(),
                Map.of(
                        "millwright.learner", report.learner(),
                        "millwright.task", signature.task().label(),
                        "millwright.classes", String.join("\n", signature.classes())));
    }
}
