package dev.millwright.serving;

import java.util.List;

/**
 * What went on before and in a model since the start. All durations are in nanoseconds, over all requests or runs together.
 *
 * @param executions runs of the model
 * @param requests that were answered by them
 * @param rows of these requests
 * @param runNanos in the model
 * @param waited requests that had to wait for a lane
 * @param waitedNanos how long they did
 * @param joinNanos joining requests to batches
 * @param partNanos taking the answers of batches apart
 * @param batches runs by how many rows went through the model together, in order
 */
public record ExecutionStatistics(
        long executions,
        long requests,
        long rows,
        long runNanos,
        long waited,
        long waitedNanos,
        long joinNanos,
        long partNanos,
        List<Batch> batches) {
    public ExecutionStatistics {
        batches = List.copyOf(batches);
    }

    /**
     * Runs with equally many rows.
     *
     * @param nanos in the model
     * @param joinNanos joining requests to these batches; a request that is run alone needs none
     * @param partNanos taking their answers apart
     */
    public record Batch(int rows, long executions, long nanos, long joinNanos, long partNanos) {}
}
