package dev.millwright.learn;

/**
 * What was learnt: from encoded rows to raw scores. A classifier of two classes has one output, the log-odds of the second;
 * of more, one output a class; a regressor one, the prediction itself. Thread-safe.
 */
sealed interface Scorer permits LinearScorer, TreeScorer {
    int outputs();

    /** Row by row, {@link #outputs} scores each. */
    double[] scores(Features features);

    /** What a slot that is not set holds in the graph's features. */
    float absent();

    /** Writes itself into a graph; takes the name of the features and returns that of the scores, float64 [N, outputs]. */
    String write(OnnxGraph graph, String features);
}
