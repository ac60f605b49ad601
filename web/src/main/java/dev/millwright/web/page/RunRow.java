package dev.millwright.web.page;

import java.util.Optional;

/**
 * A run in a list.
 *
 * @param metric the name of the metric shown; empty when the run has none
 */
public record RunRow(
        String id,
        String name,
        String pipeline,
        Badge status,
        Moment started,
        Optional<Double> seconds,
        String metric,
        Optional<Double> value,
        Optional<VersionLink> model) {
    public String href() {
        return Paths.run(id);
    }

    /** The model version that a run made. */
    public record VersionLink(String model, int version, String name) {
        public String href() {
            return Paths.modelVersion(model, version);
        }
    }
}
