package dev.millwright.pipelines;

import dev.millwright.core.Problem;
import dev.millwright.core.Problem.Position;
import dev.millwright.core.Task;
import dev.millwright.core.Words;
import dev.millwright.evaluation.MetricSpec;
import dev.millwright.evaluation.Metrics;
import dev.millwright.pipelines.PipelineFile.Comparison;
import dev.millwright.pipelines.PipelineFile.Gate;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.PipelineFile.Quality;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks up the metrics that a pipeline file names: that they exist, fit the label, and can meet what is asked of them. */
final class MetricCheck {
    private final Set<Task> tasks;
    private final List<Problem> problems = new ArrayList<>();

    private MetricCheck(Set<Task> tasks) {
        this.tasks = tasks;
    }

    /**
     * All that is wrong with the metrics of {@code file}.
     *
     * @param tasks that the label can mean
     */
    static List<Problem> problems(PipelineFile file, Set<Task> tasks) {
        MetricCheck check = new MetricCheck(tasks);
        file.train().metric().ifPresent(metric -> check.find("train.metric", metric.text(), metric));
        file.gates().forEach(check::gate);
        file.monitor().flatMap(PipelineFile.MonitorPlan::quality).ifPresent(check::quality);
        return check.problems;
    }

    /** All that is wrong with the metric of a monitor, for predictions of one task. */
    static List<Problem> problems(PipelineFile.MonitorPlan monitor, Task task) {
        MetricCheck check = new MetricCheck(Set.of(task));
        monitor.quality().ifPresent(check::quality);
        return check.problems;
    }

    private void gate(Gate gate) {
        find("gate", gate.metric(), gate.text()).ifPresent(metric -> {
            switch (gate) {
                case Gate.Champion champion -> direction(champion, metric);
                case Gate.Bound bound ->
                    bound("gate: " + gate.text(), gate.text().position(), metric, bound.comparison(), bound.bound());
            }
        });
    }

    private void direction(Gate.Champion gate, MetricSpec metric) {
        boolean above = gate.comparison() == Comparison.ABOVE;
        if (above != metric.greaterIsBetter()) {
            problems.add(Problem.at(
                    gate.text().position(),
                    "gate: " + gate.text() + " (expected: " + gate.metric() + (above ? " <" : " >")
                            + " champion, since " + (above ? "less" : "more") + " is better)."));
        }
    }

    private void quality(Quality quality) {
        find("monitor.quality.metric", quality.metric().text(), quality.metric())
                .ifPresent(metric -> bound(
                        "monitor.quality.at_least: " + number(quality.atLeast()),
                        quality.bound(),
                        metric,
                        Comparison.AT_LEAST,
                        quality.atLeast()));
    }

    /** Refuses a bound outside the metric's range, and one at its end that no value can pass. */
    private void bound(String said, Position where, MetricSpec metric, Comparison comparison, double bound) {
        MetricSpec.Range range = metric.range();
        boolean never = (comparison == Comparison.ABOVE && bound == range.most())
                || (comparison == Comparison.BELOW && bound == range.least());
        if (never || !range.contains(bound)) {
            problems.add(Problem.at(
                    where,
                    said + " (expected: a bound " + range + (never ? " that can be passed" : "") + ", where "
                            + metric.name() + " lies)."));
        }
    }

    private Optional<MetricSpec> find(String path, String name, Located where) {
        Optional<MetricSpec> metric = Metrics.find(name);
        List<String> fitting = tasks.stream()
                .flatMap(task -> Metrics.names(task).stream())
                .distinct()
                .toList();
        if (metric.isEmpty()) {
            problems.add(Problem.at(
                    where.position(), path + ": " + name + ": unknown metric." + Words.suggestion(name, fitting)));
        } else if (!fitting.contains(metric.get().name())) {
            problems.add(Problem.at(
                    where.position(),
                    path + ": " + name + " does not fit a " + PipelineCheck.labels(tasks) + " label (expected: one of "
                            + String.join(", ", fitting) + ")."));
        }
        return metric;
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
