package dev.millwright.serving;

/**
 * How an ONNX graph is run.
 *
 * @param intraOpThreads threads inside one operator; one is best for small models, since requests run in parallel
 * @param largestBatch rows that go into one run of the graph, a power of two; longer frames are cut
 * @param trial what the graph is run on once when it is loaded
 */
public record RuntimeOptions(int intraOpThreads, int largestBatch, Trial trial) {
    /** One thread, 64 rows, tried on a row in which everything is missing. */
    public static final RuntimeOptions DEFAULT = new RuntimeOptions(1, 64, Trial.MISSING_ROW);

    /** The same for graphs of others, which may refuse what is missing: rows that they take are replayed instead. */
    public static final RuntimeOptions FOREIGN = new RuntimeOptions(1, 64, Trial.NONE);

    /** What a graph is tried on. */
    public enum Trial {
        MISSING_ROW,
        NONE
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
