package dev.millwright.evaluation;

import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import java.util.Arrays;
import java.util.Set;

/**
 * A metric: what it is called, what it fits, and how it is computed.
 *
 * @param name as in pipeline files, {@code roc_auc}
 * @param title as people read it, {@code ROC AUC}
 * @param tasks the tasks that it fits
 * @param range the values that it can take
 * @param definition makes it ready for one set of rows
 */
public record MetricSpec(
        String name, String title, Set<Task> tasks, Better better, Range range, Definition definition) {

    /** Which of two values is the better one. */
    public enum Better {
        GREATER,
        SMALLER
    }

    /** The values that a metric can take, both ends included; an end is infinite where there is none. */
    public record Range(double least, double most) {
        static final Range SHARE = new Range(0, 1);
        static final Range CORRELATION = new Range(-1, 1);
        static final Range ERROR = new Range(0, Double.POSITIVE_INFINITY);
        static final Range AT_MOST_ONE = new Range(Double.NEGATIVE_INFINITY, 1);

        public boolean contains(double value) {
            return value >= least && value <= most;
        }

        /** {@code from 0 to 1}, {@code of at least 0}, {@code of at most 1}. */
        @Override
        public String toString() {
            if (Double.isInfinite(most)) {
                return "of at least " + (long) least;
            }
            return Double.isInfinite(least)
                    ? "of at most " + (long) most
                    : "from " + (long) least + " to " + (long) most;
        }
    }

    /** Makes a metric ready for rows; throws when labels and predictions don't belong together. */
    @FunctionalInterface
    public interface Definition {
        Statistic prepare(Labels labels, Predictions predictions);
    }

    public MetricSpec {
        tasks = Set.copyOf(tasks);
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("tasks: empty (expected: at least one that " + name + " fits)");
        }
    }

    public boolean greaterIsBetter() {
        return better == Better.GREATER;
    }

    public boolean fits(Task task) {
        return tasks.contains(task);
    }

    /** The metric on all rows; NaN where it is undefined, such as {@code roc_auc} with one class only. */
    public double compute(Labels labels, Predictions predictions) {
        int[] once = new int[labels.rows()];
        Arrays.fill(once, 1);
        return definition.prepare(labels, predictions).at(once);
    }

    /** How much better {@code challenger} is than {@code champion}: positive when it is better, whatever the metric. */
    public double gain(double champion, double challenger) {
        return greaterIsBetter() ? challenger - champion : champion - challenger;
    }
}
