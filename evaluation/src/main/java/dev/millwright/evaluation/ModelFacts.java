package dev.millwright.evaluation;

import dev.millwright.core.DatasetVersion;
import dev.millwright.core.Task;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known about how a model came to be. Reports and cards say no more than what stands here.
 *
 * @param run the id of the run that made it
 * @param label what is predicted, as the pipeline file says it
 * @param description of the pipeline
 * @param excluded rows left out on the way, by reason
 * @param features the columns that the model takes, with where they come from
 * @param choices all features that were chosen among; empty where none were
 */
public record ModelFacts(
        String model,
        String version,
        String run,
        Task task,
        String label,
        Optional<String> description,
        Training training,
        List<DataUse> data,
        List<SplitUse> splits,
        List<Exclusion> excluded,
        List<FeatureUse> features,
        List<Choice> choices) {

    /**
     * How it was trained.
     *
     * @param parameters in the order in which they are shown
     * @param calibration the method by which probabilities were calibrated
     */
    public record Training(
            String learner,
            Map<String, String> parameters,
            Optional<String> calibration,
            Optional<Instant> finished,
            Optional<TrainingCurve> curve) {
        public Training {
            parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }
    }

    /**
     * The loss while training.
     *
     * @param metric what was measured
     * @param step what is counted: {@code trees}, {@code iterations}
     * @param best the step that the model was taken from
     */
    public record TrainingCurve(String metric, String step, List<Measurement> measurements, Optional<Integer> best) {
        public TrainingCurve {
            measurements = List.copyOf(measurements);
        }
    }

    /** The metric after a step; NaN where it was not measured. */
    public record Measurement(int step, double training, double validation) {}

    /** A dataset version that was read. */
    public record DataUse(String dataset, String version, long rowsRead, long rows, long quarantined) {
        public static DataUse of(DatasetVersion version) {
            return new DataUse(
                    version.dataset(),
                    Long.toString(version.snapshot()),
                    version.rowsRead(),
                    version.rows(),
                    version.quarantined());
        }
    }

    /**
     * Rows of one part of the data.
     *
     * @param name {@code train}, {@code validation} or {@code test}
     * @param classes rows of each class, in the model's order; empty for a regression
     * @param period the time that the rows span, as people read it
     */
    public record SplitUse(String name, long rows, Map<String, Long> classes, Optional<String> period) {
        public SplitUse {
            classes = Collections.unmodifiableMap(new LinkedHashMap<>(classes));
        }
    }

    /** Rows that were left out, and why. */
    public record Exclusion(String reason, long rows) {}

    /**
     * A column that the model takes.
     *
     * @param sources the columns that it is computed from, as {@code dataset.column}
     * @param expression the SQL that computes it, where it is more than a column
     */
    public record FeatureUse(String name, String type, List<String> sources, Optional<String> expression) {
        public FeatureUse {
            sources = List.copyOf(sources);
        }
    }

    /** A feature that was looked at, and whether the model takes it. */
    public record Choice(String feature, boolean kept, String reason) {}

    public ModelFacts {
        data = List.copyOf(data);
        splits = List.copyOf(splits);
        excluded = List.copyOf(excluded);
        features = List.copyOf(features);
        choices = List.copyOf(choices);
    }
}
