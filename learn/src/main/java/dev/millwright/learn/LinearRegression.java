package dev.millwright.learn;

import dev.millwright.core.Labels;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Progress;
import dev.millwright.core.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Linear least squares with an L2 penalty on all weights but the intercept (ridge regression). Minimises
 * Σ (y − x·w − b)² + alpha · ‖w‖², which is scikit-learn's {@code Ridge}. The target is standardised meanwhile, so that
 * its size does not matter to the search.
 *
 * <p>Source: A. Hoerl, R. Kennard, "Ridge regression: biased estimation for nonorthogonal problems", Technometrics 12, 1970;
 * minimised by {@link Lbfgs}.
 */
final class LinearRegression implements Learner {
    @Override
    public String name() {
        return "linear_regression";
    }

    @Override
    public Set<Task> tasks() {
        return Set.of(Task.REGRESSION);
    }

    @Override
    public List<ParameterSpec> parameters() {
        return Stream.of(
                        List.of(
                                ParameterSpec.number(
                                        "alpha",
                                        1,
                                        0,
                                        1e12,
                                        "Strength of the L2 penalty, as alpha of scikit-learn's Ridge: larger is"
                                                + " stronger, 0 is none."),
                                ParameterSpec.integer("max_iterations", 1000, 1, 100_000, "When to give up."),
                                ParameterSpec.number(
                                        "tolerance",
                                        1e-8,
                                        1e-14,
                                        1,
                                        "Done when no component of the gradient is larger (target in standard"
                                                + " deviations)."),
                                Encoding.impute()),
                        Encoding.parameters())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public TrainedModel fit(TrainingData data, Map<String, Object> parameters, long seed, Progress progress) {
        TaskFit.require(this, data.task());
        Parameters chosen = Parameters.resolve(name(), parameters(), parameters);
        Encoding encoding = Encoding.standardised(data, chosen);
        Features train = encoding.apply(data.train());
        Features validation = encoding.apply(data.validation());
        Target target = Target.of(data.trainLabels());
        double[] validationLabels = Target.values(data.validationLabels());
        Objective objective = new Objective(train, target.standardised(data.trainLabels()), chosen.number("alpha"));
        int limit = chosen.integer("max_iterations");
        List<CurvePoint> curve = new ArrayList<>();
        Lbfgs.Minimum minimum = Lbfgs.minimise(
                objective,
                new double[train.width() + 1],
                limit,
                chosen.number("tolerance"),
                (iteration, point, value) -> {
                    double[] predicted = target.scorer(point).scores(validation);
                    curve.add(new CurvePoint(
                            iteration,
                            "rmse",
                            target.deviation() * objective.rmse(point, value),
                            Target.rmse(predicted, validationLabels)));
                    progress.report("iterations", iteration, limit);
                });
        return new TrainedModel(
                new ModelSignature(data.task(), data.inputs(), List.of(), 0.5),
                encoding,
                target.scorer(minimum.point()),
                Calibration.none(1),
                new TrainedModel.Report(
                        name(),
                        chosen.values(),
                        curve,
                        Linear.importance(train, minimum.point(), 1),
                        Linear.describe(minimum)));
    }

    /** Half the mean squared error plus the penalty; the variables are the weights and then the intercept. */
    private record Objective(Features features, double[] labels, double alpha) implements Lbfgs.Function {
        @Override
        public double evaluate(double[] point, double[] gradient) {
            int width = features.width();
            int rows = features.rows();
            Arrays.fill(gradient, 0);
            double sum = penalty(point);
            for (int slot = 0; slot < width; slot++) {
                gradient[slot] = alpha * point[slot];
            }
            double[] error = new double[1];
            for (int row = 0; row < rows; row++) {
                error[0] = point[width] - labels[row];
                features.addProducts(row, point, 1, error);
                sum += error[0] * error[0];
                features.addOuter(row, error, gradient);
                gradient[width] += error[0];
            }
            Arrays.setAll(gradient, i -> gradient[i] / rows);
            return sum / 2 / rows;
        }

        double rmse(double[] point, double value) {
            return Math.sqrt(Math.max(0, 2 * value - penalty(point) / features.rows()));
        }

        private double penalty(double[] point) {
            double squares = 0;
            for (int slot = 0; slot < features.width(); slot++) {
                squares += point[slot] * point[slot];
            }
            return alpha * squares;
        }
    }

    /** Mean and standard deviation of the training labels; a constant label counts as one apart. */
    record Target(double mean, double deviation) {
        static Target of(Labels labels) {
            double[] values = values(labels);
            double mean = Arrays.stream(values).average().orElseThrow();
            double squares = Arrays.stream(values)
                    .map(value -> (value - mean) * (value - mean))
                    .sum();
            double deviation = Math.sqrt(squares / values.length);
            return new Target(mean, deviation > 0 ? deviation : 1);
        }

        static double[] values(Labels labels) {
            return switch (labels) {
                case Labels.Values numbers -> numbers.values();
                case Labels.Classes _ -> throw new IllegalArgumentException("labels: classes (expected: numbers)");
            };
        }

        double[] standardised(Labels labels) {
            return Arrays.stream(values(labels))
                    .map(value -> (value - mean) / deviation)
                    .toArray();
        }

        LinearScorer scorer(double[] point) {
            double[] weights = new double[point.length - 1];
            Arrays.setAll(weights, slot -> point[slot] * deviation);
            return new LinearScorer(weights, new double[] {point[point.length - 1] * deviation + mean});
        }

        static double rmse(double[] predicted, double[] labels) {
            double sum = 0;
            for (int row = 0; row < labels.length; row++) {
                sum += (predicted[row] - labels[row]) * (predicted[row] - labels[row]);
            }
            return labels.length == 0 ? Double.NaN : Math.sqrt(sum / labels.length);
        }
    }
}
