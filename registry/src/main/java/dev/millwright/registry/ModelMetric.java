package dev.millwright.registry;

import java.util.Optional;

/**
 * A metric of a run, and of what it says something about.
 *
 * @param modelId the logged model that was measured
 * @param dataset the data that it was measured on
 */
public record ModelMetric(Metric metric, Optional<String> modelId, Optional<DatasetKey> dataset) {
    /** What names a data set that was logged. */
    public record DatasetKey(String name, String digest) {}

    public static ModelMetric of(Metric metric) {
        return new ModelMetric(metric, Optional.empty(), Optional.empty());
    }
}
