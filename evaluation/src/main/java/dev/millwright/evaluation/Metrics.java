package dev.millwright.evaluation;

import static dev.millwright.evaluation.MetricSpec.Better.GREATER;
import static dev.millwright.evaluation.MetricSpec.Better.SMALLER;

import dev.millwright.core.MillwrightException;
import dev.millwright.core.Task;
import dev.millwright.core.Words;
import dev.millwright.evaluation.MetricSpec.Range;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The metrics that exist, by name. */
public final class Metrics {
    private static final Set<Task> BINARY = Set.of(Task.BINARY);
    private static final Set<Task> MULTICLASS = Set.of(Task.MULTICLASS);
    private static final Set<Task> CLASSES = Set.of(Task.BINARY, Task.MULTICLASS);
    private static final Set<Task> REGRESSION = Set.of(Task.REGRESSION);

    /** In the order in which reports show them. */
    private static final List<MetricSpec> ALL = List.of(
            new MetricSpec("roc_auc", "ROC AUC", BINARY, GREATER, Range.SHARE, ClassificationMetrics::rocAuc),
            new MetricSpec(
                    "average_precision",
                    "Average precision",
                    BINARY,
                    GREATER,
                    Range.SHARE,
                    ClassificationMetrics::averagePrecision),
            new MetricSpec(
                    "roc_auc_ovr",
                    "ROC AUC, one against the rest",
                    MULTICLASS,
                    GREATER,
                    Range.SHARE,
                    ClassificationMetrics::rocAucOneVersusRest),
            new MetricSpec("log_loss", "Log loss", CLASSES, SMALLER, Range.ERROR, ClassificationMetrics::logLoss),
            new MetricSpec(
                    "brier_score", "Brier score", BINARY, SMALLER, Range.SHARE, ClassificationMetrics::brierScore),
            new MetricSpec("accuracy", "Accuracy", CLASSES, GREATER, Range.SHARE, ClassificationMetrics::accuracy),
            new MetricSpec(
                    "balanced_accuracy",
                    "Balanced accuracy",
                    CLASSES,
                    GREATER,
                    Range.SHARE,
                    ClassificationMetrics::balancedAccuracy),
            new MetricSpec("precision", "Precision", BINARY, GREATER, Range.SHARE, ClassificationMetrics::precision),
            new MetricSpec("recall", "Recall", BINARY, GREATER, Range.SHARE, ClassificationMetrics::recall),
            new MetricSpec("f1", "F1", BINARY, GREATER, Range.SHARE, ClassificationMetrics::f1),
            new MetricSpec(
                    "f1_macro",
                    "F1, mean of the classes",
                    MULTICLASS,
                    GREATER,
                    Range.SHARE,
                    ClassificationMetrics::f1Macro),
            new MetricSpec(
                    "matthews",
                    "Matthews correlation",
                    BINARY,
                    GREATER,
                    Range.CORRELATION,
                    ClassificationMetrics::matthews),
            new MetricSpec("rmse", "RMSE", REGRESSION, SMALLER, Range.ERROR, RegressionMetrics::rmse),
            new MetricSpec("mae", "Mean absolute error", REGRESSION, SMALLER, Range.ERROR, RegressionMetrics::mae),
            new MetricSpec("r2", "R²", REGRESSION, GREATER, Range.AT_MOST_ONE, RegressionMetrics::r2),
            new MetricSpec(
                    "median_absolute_error",
                    "Median absolute error",
                    REGRESSION,
                    SMALLER,
                    Range.ERROR,
                    RegressionMetrics::medianAbsoluteError),
            new MetricSpec(
                    "mape", "Mean absolute relative error", REGRESSION, SMALLER, Range.ERROR, RegressionMetrics::mape));

    private Metrics() {}

    /** Those that fit a task, the most telling first. */
    public static List<MetricSpec> of(Task task) {
        return ALL.stream().filter(metric -> metric.fits(task)).toList();
    }

    /** The names of those that fit a task. */
    public static List<String> names(Task task) {
        return of(task).stream().map(MetricSpec::name).toList();
    }

    public static Optional<MetricSpec> find(String name) {
        return ALL.stream().filter(metric -> metric.name().equals(name)).findFirst();
    }

    /** The metric of that name, or a {@link EvaluationError#METRIC_UNKNOWN} that suggests one which fits the task. */
    public static MetricSpec load(String name, Task task) {
        Optional<MetricSpec> found = find(name);
        if (found.isPresent() && found.get().fits(task)) {
            return found.get();
        }
        String expected = found.isPresent() ? "one for " + task.label() : "a known metric";
        throw new MillwrightException(
                EvaluationError.METRIC_UNKNOWN,
                "metric: " + name + " (expected: " + expected + ")." + Words.suggestion(name, names(task)));
    }
}
