package dev.millwright.learn;

import static dev.millwright.learn.OnnxGraph.FLOAT;
import static dev.millwright.learn.OnnxGraph.STRING;
import static dev.millwright.learn.OnnxGraph.integer;

import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import java.util.List;

/** From calibrated scores to what a model answers; here for the trainer, and as the last nodes of the graph. */
record Head(ModelSignature signature) {

    Predictions predictions(double[] scores) {
        return switch (signature.task()) {
            case BINARY -> binary(scores);
            case MULTICLASS -> multiclass(scores);
            case REGRESSION -> {
                float[] values = new float[scores.length];
                for (int row = 0; row < values.length; row++) {
                    values[row] = (float) scores[row];
                }
                yield new Predictions.Values(values);
            }
        };
    }

    private Predictions binary(double[] scores) {
        float threshold = (float) signature.threshold();
        float[] probabilities = new float[scores.length * 2];
        int[] labels = new int[scores.length];
        for (int row = 0; row < labels.length; row++) {
            double positive = Probabilities.sigmoid(scores[row]);
            probabilities[row * 2] = (float) (1 - positive);
            probabilities[row * 2 + 1] = (float) positive;
            labels[row] = probabilities[row * 2 + 1] >= threshold ? 1 : 0;
        }
        return new Predictions.Classes(signature.classes(), probabilities, labels);
    }

    private Predictions multiclass(double[] scores) {
        int classes = signature.classes().size();
        float[] probabilities = new float[scores.length];
        int[] labels = new int[scores.length / classes];
        double[] p = new double[classes];
        for (int row = 0; row < labels.length; row++) {
            System.arraycopy(scores, row * classes, p, 0, classes);
            Probabilities.softmax(p);
            for (int k = 0; k < classes; k++) {
                probabilities[row * classes + k] = (float) p[k];
                labels[row] =
                        probabilities[row * classes + k] > probabilities[row * classes + labels[row]] ? k : labels[row];
            }
        }
        return new Predictions.Classes(signature.classes(), probabilities, labels);
    }

    /** Takes the name of the calibrated scores, float64 [N, outputs], and declares the graph's outputs. */
    void write(OnnxGraph graph, String scores) {
        int classes = signature.classes().size();
        switch (signature.task()) {
            case REGRESSION -> {
                graph.node("Cast", List.of(scores), "prediction", integer("to", FLOAT));
                graph.output("prediction", FLOAT, 1);
                return;
            }
            case BINARY -> writeBinary(graph, scores);
            case MULTICLASS -> writeMulticlass(graph, scores, classes);
        }
        graph.output("label", STRING, 0);
        graph.output("probabilities", FLOAT, classes);
    }

    private void writeBinary(OnnxGraph graph, String scores) {
        String positive = graph.node("Sigmoid", List.of(scores));
        String negative = graph.node("Sub", List.of(graph.doubles(new double[] {1}, 1), positive));
        String both = graph.concat(List.of(negative, positive));
        graph.node("Cast", List.of(both), "probabilities", integer("to", FLOAT));
        String score = graph.node("Gather", List.of("probabilities", graph.longs(new long[] {1})), integer("axis", 1));
        String chosen =
                graph.node("GreaterOrEqual", List.of(score, graph.floats(new float[] {(float) signature.threshold()})));
        graph.node(
                "Where",
                List.of(
                        chosen,
                        graph.strings(signature.classes().subList(1, 2)),
                        graph.strings(signature.classes().subList(0, 1))),
                "label");
    }

    private void writeMulticlass(OnnxGraph graph, String scores, int classes) {
        String p = graph.node("Softmax", List.of(scores), integer("axis", 1));
        graph.node("Cast", List.of(p), "probabilities", integer("to", FLOAT));
        String best = graph.node("ArgMax", List.of("probabilities"), integer("axis", 1), integer("keepdims", 0));
        graph.node("Gather", List.of(graph.strings(signature.classes(), classes), best), "label");
    }
}
