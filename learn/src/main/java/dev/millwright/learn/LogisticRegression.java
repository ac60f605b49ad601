package dev.millwright.learn;

import dev.millwright.core.Progress;
import dev.millwright.core.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Logistic regression, binary or multinomial, with an L2 penalty on all weights but the intercepts. Minimises
 * Σ weight · loss / n + ‖w‖² / (2 · c · n), which is scikit-learn's objective with its {@code C}.
 *
 * <p>Source: T. Hastie, R. Tibshirani, J. Friedman, "The elements of statistical learning", 2009, section 4.4; minimised by
 * {@link Lbfgs}.
 */
final class LogisticRegression implements Learner {
    @Override
    public String name() {
        return "logistic_regression";
    }

    @Override
    public Set<Task> tasks() {
        return Set.of(Task.BINARY, Task.MULTICLASS);
    }

    @Override
    public List<ParameterSpec> parameters() {
        return Stream.of(
                        List.of(
                                ParameterSpec.number(
                                        "c",
                                        1,
                                        1e-9,
                                        1e12,
                                        "Inverse strength of the L2 penalty, as C in scikit-learn: smaller is"
                                                + " stronger."),
                                ParameterSpec.integer("max_iterations", 500, 1, 100_000, "When to give up."),
                                ParameterSpec.number(
                                        "tolerance",
                                        1e-6,
                                        1e-12,
                                        1,
                                        "Done when no component of the gradient is larger.")),
                        Classification.parameters(),
                        List.of(Encoding.impute()),
                        Encoding.parameters())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public TrainedModel fit(TrainingData data, Map<String, Object> parameters, long seed, Progress progress) {
        TaskFit.require(this, data.task());
        Parameters chosen = Parameters.resolve(name(), parameters(), parameters);
        Classification classes = Classification.of(data, chosen);
        Encoding encoding = Encoding.standardised(data, chosen);
        Features train = encoding.apply(data.train());
        Features validation = encoding.apply(data.validation());
        Objective objective =
                new Objective(train, classes.train(), classes.trainWeights(), classes.outputs(), chosen.number("c"));
        int limit = chosen.integer("max_iterations");
        List<CurvePoint> curve = new ArrayList<>();
        Lbfgs.Minimum minimum = Lbfgs.minimise(
                objective, objective.start(), limit, chosen.number("tolerance"), (iteration, point, value) -> {
                    double[] scores = scorer(point, classes.outputs()).scores(validation);
                    double loss = Probabilities.logLoss(scores, classes.outputs(), classes.validation());
                    curve.add(new CurvePoint(iteration, "log_loss", value - objective.penalty(point), loss));
                    progress.report("iterations", iteration, limit);
                });
        Scorer scorer = scorer(minimum.point(), classes.outputs());
        Optional<Calibration> calibration = classes.calibrate(scorer, validation, chosen);
        String notes = Linear.describe(minimum) + "; " + classes.describe(calibration, chosen);
        return new TrainedModel(
                classes.signature(chosen),
                encoding,
                scorer,
                calibration.orElseGet(() -> Calibration.none(classes.outputs())),
                new TrainedModel.Report(
                        name(),
                        chosen.values(),
                        curve,
                        Linear.importance(train, minimum.point(), classes.outputs()),
                        notes));
    }

    private static LinearScorer scorer(double[] point, int outputs) {
        int split = point.length - outputs;
        return new LinearScorer(Arrays.copyOf(point, split), Arrays.copyOfRange(point, split, point.length));
    }

    /** The variables are the weights, slot by slot, and then the intercepts. */
    private record Objective(Features features, int[] labels, double[] rowWeights, int outputs, double c)
            implements Lbfgs.Function {

        /** Zero weights, and intercepts that say the (weighted) shares of the classes. */
        double[] start() {
            double[] point = new double[(features.width() + 1) * outputs];
            double[] shares = new double[outputs == 1 ? 2 : outputs];
            for (int row = 0; row < labels.length; row++) {
                shares[labels[row]] += rowWeights[row];
            }
            for (int k = 0; k < outputs; k++) {
                point[features.width() * outputs + k] =
                        outputs == 1 ? Math.log(shares[1] / shares[0]) : Math.log(shares[k]);
            }
            return centred(point);
        }

        /** Of several classes only differences of intercepts matter; those that sum to 0 are reported. */
        private double[] centred(double[] point) {
            if (outputs > 1) {
                int bias = features.width() * outputs;
                double mean = Arrays.stream(point, bias, point.length).average().orElseThrow();
                for (int i = bias; i < point.length; i++) {
                    point[i] -= mean;
                }
            }
            return point;
        }

        @Override
        public double evaluate(double[] point, double[] gradient) {
            Arrays.fill(gradient, 0);
            int bias = features.width() * outputs;
            for (int i = 0; i < bias; i++) {
                gradient[i] = point[i] / c;
            }
            double[] scores = new double[outputs];
            double loss = 0;
            for (int row = 0; row < features.rows(); row++) {
                System.arraycopy(point, bias, scores, 0, outputs);
                features.addProducts(row, point, outputs, scores);
                loss += rowWeights[row] * lossAndErrors(scores, labels[row], rowWeights[row]);
                features.addOuter(row, scores, gradient);
                for (int k = 0; k < outputs; k++) {
                    gradient[bias + k] += scores[k];
                }
            }
            int rows = features.rows();
            Arrays.setAll(gradient, i -> gradient[i] / rows);
            return loss / rows + penalty(point);
        }

        /** The unweighted loss of one row; leaves in {@code scores} the weighted derivative by each score. */
        private double lossAndErrors(double[] scores, int label, double weight) {
            double loss;
            if (outputs == 1) {
                loss = Probabilities.softplus(scores[0]) - label * scores[0];
                scores[0] = weight * (Probabilities.sigmoid(scores[0]) - label);
                return loss;
            }
            double own = scores[label];
            loss = Probabilities.softmax(scores) - own;
            scores[label] -= 1;
            for (int k = 0; k < outputs; k++) {
                scores[k] *= weight;
            }
            return loss;
        }

        /** What the penalty adds to the value. */
        double penalty(double[] point) {
            double squares = 0;
            for (int i = 0; i < features.width() * outputs; i++) {
                squares += point[i] * point[i];
            }
            return squares / (2 * c) / features.rows();
        }
    }
}
