package dev.millwright.serving;

import java.util.List;

/**
 * The router's counts at one moment.
 *
 * @param versions by endpoint and version
 * @param droppedPredictions answered requests that the prediction log had no room for
 * @param droppedShadows copies that were not sent to a shadow for want of room
 */
public record MetricsSnapshot(List<VersionMetrics> versions, long droppedPredictions, long droppedShadows) {
    /**
     * One version on one endpoint.
     *
     * @param queuedRows rows that wait for the model
     */
    public record VersionMetrics(
            String endpoint, String model, int version, double weight, int queuedRows, StatisticsSnapshot statistics) {}

    public MetricsSnapshot {
        versions = List.copyOf(versions);
    }
}
