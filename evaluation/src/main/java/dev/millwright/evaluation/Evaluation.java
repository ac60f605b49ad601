package dev.millwright.evaluation;

import dev.millwright.core.Task;
import java.util.List;
import java.util.Optional;

/**
 * How a model does on one set of rows.
 *
 * @param resamples of the bootstrap behind the intervals
 * @param metrics those that fit the task, in the order of {@link Metrics#of}
 * @param diagnostics the curves and tables behind the numbers
 */
public record Evaluation(Task task, int rows, int resamples, List<MetricValue> metrics, Diagnostics diagnostics) {
    public Evaluation {
        metrics = List.copyOf(metrics);
    }

    public Optional<MetricValue> find(String metric) {
        return metrics.stream().filter(value -> value.name().equals(metric)).findFirst();
    }
}
