package dev.millwright.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Labels;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Predictions;
import dev.millwright.core.Progress;
import dev.millwright.core.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import org.junit.jupiter.api.Test;

class GradientBoostingTest {
    private final Learner learner = Learners.find("xgboost").orElseThrow();

    @Test
    void sumsTheLeavesThatTheLibrarySums() throws Exception {
        TrainingData data = Sample.data(Task.BINARY, 400);
        TrainedModel model =
                learner.fit(data, Map.of("n_estimators", 60, "early_stopping_rounds", 0), 1, Progress.NONE);
        TreeScorer scorer = (TreeScorer) model.scorer();
        Features features = model.encoding().apply(data.validation());

        double[] scores = scorer.scores(features);
        Booster booster = XGBoost.loadModel(scorer.booster());
        DMatrix matrix = Xgboost.matrix(features, 1);
        float[][] margins = booster.predict(matrix, true);

        for (int row = 0; row < scores.length; row++) {
            assertThat(scores[row] - scorer.base()[0]).isCloseTo(margins[row][0], within(1e-5));
        }
        matrix.dispose();
        booster.dispose();
    }

    @Test
    void stopsEarly_andKeepsTheTreesUpToTheBestRound() {
        TrainedModel model =
                learner.fit(Sample.data(Task.BINARY, 300), Map.of("early_stopping_rounds", 5), 1, Progress.NONE);
        CurvePoint best = model.curve().getFirst();
        for (CurvePoint point : model.curve()) {
            best = point.validation() < best.validation() ? point : best;
        }

        assertThat(model.curve()).hasSizeLessThan(500).hasSize(best.step() + 5);
        assertThat(((TreeScorer) model.scorer()).trees()).hasSize(best.step());
    }

    @Test
    void keepsParity_whenPredictionsAreSmallDifferencesOfLargeLeaves() {
        SplittableRandom random = new SplittableRandom(3);
        int rows = 2000;
        float[] x = new float[rows];
        double[] y = new double[rows];
        for (int row = 0; row < rows; row++) {
            x[row] = (float) random.nextGaussian();
            y[row] = x[row] * 1e6 + random.nextGaussian();
        }
        Frame frame = new Frame(rows, List.of(new FeatureColumn.Numeric("x", x)));
        Labels labels = new Labels.Values(y);
        TrainingData data = new TrainingData(
                List.of(new Input("x", InputType.NUMBER)), Task.REGRESSION, frame, labels, frame, labels);

        Parity.holds(learner.fit(data, Map.of("n_estimators", 300), 1, Progress.NONE), frame);
    }

    @Test
    void learnsARuleThatNoLineCanFollow() {
        Predictions.Classes predicted = (Predictions.Classes) xor("xgboost");
        int[] truth = xorLabels();
        int right = 0;
        for (int row = 0; row < truth.length; row++) {
            right += predicted.labels()[row] == truth[row] ? 1 : 0;
        }

        assertThat(right).isGreaterThan(truth.length * 97 / 100);
    }

    private static Predictions xor(String name) {
        Frame frame = xorFrame();
        Labels labels = new Labels.Classes(List.of("a", "b"), xorLabels());
        List<Input> inputs = List.of(new Input("x", InputType.NUMBER), new Input("y", InputType.NUMBER));
        TrainingData data = new TrainingData(inputs, Task.BINARY, frame, labels, frame, labels);
        return Learners.find(name)
                .orElseThrow()
                .fit(data, Map.of(), 1, Progress.NONE)
                .predict(frame);
    }

    private static Frame xorFrame() {
        SplittableRandom random = new SplittableRandom(4);
        float[] x = new float[1000];
        float[] y = new float[1000];
        for (int row = 0; row < x.length; row++) {
            x[row] = (float) random.nextDouble(-1, 1);
            y[row] = (float) random.nextDouble(-1, 1);
        }
        return new Frame(1000, List.of(new FeatureColumn.Numeric("x", x), new FeatureColumn.Numeric("y", y)));
    }

    private static int[] xorLabels() {
        Frame frame = xorFrame();
        int[] labels = new int[frame.rows()];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = ((FeatureColumn.Numeric) frame.column("x")).values()[row]
                                    * ((FeatureColumn.Numeric) frame.column("y")).values()[row]
                            > 0
                    ? 1
                    : 0;
        }
        return labels;
    }

    @Test
    void refusesParametersOfClassifiersInARegression() {
        assertThatThrownBy(() -> learner.fit(
                        Sample.data(Task.REGRESSION, 50), Map.of("calibration", "sigmoid"), 1, Progress.NONE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("calibration: not a parameter of xgboost for regression");
    }

    @Test
    void saysHowManyTreesAreDone() {
        List<Long> done = new ArrayList<>();

        learner.fit(
                Sample.data(Task.MULTICLASS, 100),
                Map.of("n_estimators", 3, "early_stopping_rounds", 0),
                1,
                (what, at, total) -> done.add(at));

        assertThat(done).containsExactly(1L, 2L, 3L);
    }
}
