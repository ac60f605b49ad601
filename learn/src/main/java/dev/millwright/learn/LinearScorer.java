package dev.millwright.learn;

import java.util.List;

/**
 * Scores that are weighted sums. Sums in float64, here and in the graph: in float32 thousands of words, or a prediction
 * that is a small difference of large terms, would leave the two further apart than parity allows.
 *
 * @param weights {@code weights[slot * outputs + output]}
 */
record LinearScorer(double[] weights, double[] intercepts) implements Scorer {
    @Override
    public int outputs() {
        return intercepts.length;
    }

    @Override
    public float absent() {
        return 0;
    }

    @Override
    public double[] scores(Features features) {
        int outputs = outputs();
        double[] scores = new double[features.rows() * outputs];
        double[] sums = new double[outputs];
        for (int row = 0; row < features.rows(); row++) {
            System.arraycopy(intercepts, 0, sums, 0, outputs);
            features.addProducts(row, weights, outputs, sums);
            System.arraycopy(sums, 0, scores, row * outputs, outputs);
        }
        return scores;
    }

    @Override
    public String write(OnnxGraph graph, String features) {
        String product = graph.node(
                "MatMul",
                List.of(
                        graph.cast(features, OnnxGraph.DOUBLE),
                        graph.doubles(weights, weights.length / outputs(), outputs())));
        return graph.node("Add", List.of(product, graph.doubles(intercepts, outputs())));
    }
}
