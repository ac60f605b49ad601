package dev.millwright.serving;

/**
 * How an ONNX graph is run.
 *
 * @param intraOpThreads threads inside one operator; one is best for small models, since requests run in parallel
 * @param largestBatch rows that go into one run of the graph, a power of two; longer frames are cut
 * @param trial what the graph is run on once when it is loaded
 * @param labels where a classifier's labels come from
 */
public record RuntimeOptions(int intraOpThreads, int largestBatch, Trial trial, Labels labels) {
    /** One thread, 64 rows, tried on a row in which everything is missing. */
    public static final RuntimeOptions DEFAULT = new RuntimeOptions(1, 64, Trial.MISSING_ROW, Labels.OF_GRAPH);

    /** The same for graphs of others, which may refuse what is missing: rows that they take are replayed instead. */
    public static final RuntimeOptions FOREIGN = new RuntimeOptions(1, 64, Trial.NONE, Labels.OF_GRAPH);

    /** Where labels come from. */
    public enum Labels {
        /** The graph's output {@code label}. */
        OF_GRAPH,
        /**
         * The probabilities: of two classes the second from the signature's threshold on, of more the first of the likeliest. That is what
         * our own graphs do, whose label may then be left out: it takes longer than all the rest of a small model.
         */
        OF_PROBABILITIES
    }

    /** What a graph is tried on. */
    public enum Trial {
        MISSING_ROW,
        NONE
    }

    /** The same, tried on something else. */
    public RuntimeOptions with(Trial other) {
        return new RuntimeOptions(intraOpThreads, largestBatch, other, labels);
    }

    /** The same with labels from elsewhere. */
    public RuntimeOptions with(Labels other) {
        return new RuntimeOptions(intraOpThreads, largestBatch, trial, other);
    }

    public RuntimeOptions {
        if (intraOpThreads < 1) {
            throw new IllegalArgumentException("intraOpThreads: " + intraOpThreads + " (expected: at least 1)");
        }
        if (largestBatch < 1 || Integer.bitCount(largestBatch) != 1) {
            throw new IllegalArgumentException("largestBatch: " + largestBatch + " (expected: a power of two)");
        }
    }
}
