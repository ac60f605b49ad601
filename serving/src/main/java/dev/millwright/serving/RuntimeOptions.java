package dev.millwright.serving;

/**
 * How an ONNX graph is run.
 *
 * @param intraOpThreads threads inside one operator; one is best for small models, since requests run in parallel
 * @param largestBatch rows that go into one run of the graph, a power of two; longer frames are cut
 */
public record RuntimeOptions(int intraOpThreads, int largestBatch) {
    /** One thread, 64 rows. */
    public static final RuntimeOptions DEFAULT = new RuntimeOptions(1, 64);

    public RuntimeOptions {
        if (intraOpThreads < 1) {
            throw new IllegalArgumentException("intraOpThreads: " + intraOpThreads + " (expected: at least 1)");
        }
        if (largestBatch < 1 || Integer.bitCount(largestBatch) != 1) {
            throw new IllegalArgumentException("largestBatch: " + largestBatch + " (expected: a power of two)");
        }
    }
}
