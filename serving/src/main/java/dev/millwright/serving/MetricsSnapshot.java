package dev.millwright.serving;

import dev.millwright.serving.cache.CacheCounts;
import java.util.List;

/**
 * The router's counts at one moment.
 *
 * @param versions by endpoint and version
 * @param droppedPredictions answered requests that the prediction log had no room for
 * @param droppedShadows copies that were not sent to a shadow for want of room
 * @param pool the models in memory
 */
public record MetricsSnapshot(
        List<VersionMetrics> versions, long droppedPredictions, long droppedShadows, PoolMetrics pool) {
    /**
     * The models in memory.
     *
     * @param loaded how many there are
     * @param bytes that loading them took
     * @param loads since the start
     * @param evictions models freed for want of memory since the start
     */
    public record PoolMetrics(int loaded, long bytes, long loads, long evictions) {}

    /**
     * One version on one endpoint.
     *
     * @param queuedRows rows that wait for the model
     * @param cached how often answers were kept already
     */
    public record VersionMetrics(
            String endpoint,
            String model,
            int version,
            double weight,
            int queuedRows,
            StatisticsSnapshot statistics,
            CacheCounts.Snapshot cached) {}

    public MetricsSnapshot {
        versions = List.copyOf(versions);
    }
}
