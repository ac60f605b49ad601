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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LearnersTest {
    @Test
    void findsLearnersByName_andNoOthers() {
        assertThat(Learners.names()).containsExactly("logistic_regression", "linear_regression", "xgboost");
        assertThat(Learners.find("XGBoost")).isEmpty();
    }

    @Test
    void refusesATaskThatTheLearnerCannotLearn_andNamesThoseThatCan() {
        assertThatThrownBy(() -> fit("linear_regression", Sample.data(Task.BINARY, 50), Map.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("learner: linear_regression (expected: one that learns binary: logistic_regression,"
                        + " xgboost)");
    }

    @Test
    void reportsAllMistakesInTheDataTogether() {
        Frame frame = new Frame(
                2,
                List.of(
                        new FeatureColumn.Text("carrier", new String[] {"UA", "AA"}),
                        new FeatureColumn.Numeric("delay", new float[] {1, Float.POSITIVE_INFINITY})));
        Labels labels = new Labels.Classes(List.of("no", "yes"), new int[] {0, 1});
        List<Input> inputs = List.of(
                new Input("carier", InputType.TEXT),
                new Input("delay", InputType.NUMBER),
                new Input("label", InputType.NUMBER));

        assertThatThrownBy(() -> new TrainingData(inputs, Task.REGRESSION, frame, labels, frame, labels))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("train: no column carier. Did you mean 'carrier'?")
                .hasMessageContaining("train.delay: Infinity in row 1 (expected: ")
                .hasMessageContaining("inputs: label (expected: another name")
                .hasMessageContaining("train labels: classes (expected: numbers for regression)");
    }

    @Test
    void reportsAllMistakesInTheParametersTogether() {
        assertThatThrownBy(() -> fit(
                        "xgboost",
                        Sample.data(Task.BINARY, 50),
                        Map.of("max_depth", 0, "learnin_rate", 0.1, "calibration", "isotonic")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("learnin_rate: not a parameter of xgboost. Did you mean 'learning_rate'?")
                .hasMessageContaining("max_depth: 0 (expected: an integer from 1 to 30)")
                .hasMessageContaining("calibration: isotonic (expected: one of sigmoid, none)");
    }

    @Test
    void refusesTextColumnsThatAreNone_withASuggestion() {
        assertThatThrownBy(() -> fit(
                        "logistic_regression",
                        Sample.data(Task.BINARY, 50),
                        Map.of("text_columns", List.of("notes", "age"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("text_columns: notes (expected: text columns of the model). Did you mean 'note'?")
                .hasMessageContaining("text_columns: age (expected: text columns of the model).");
    }

    @Test
    void readsDeclaredTextWordByWord_andNoneWhenTold() {
        TrainingData data = Sample.data(Task.BINARY, 200);

        assertThat(fit("logistic_regression", data, Map.of("text_columns", List.of("town")))
                        .description())
                .contains("text town")
                .doesNotContain("text note");
        assertThat(fit("logistic_regression", data, Map.of("text_columns", "none"))
                        .description())
                .doesNotContain("text ");
    }

    @Test
    void labelsByTheThreshold() {
        TrainingData data = Sample.data(Task.BINARY, 300);
        TrainedModel model = fit("logistic_regression", data, Map.of("threshold", 0.9));
        Predictions.Classes predicted = (Predictions.Classes) model.predict(data.validation());

        assertThat(model.signature().threshold()).isEqualTo(0.9);
        for (int row = 0; row < predicted.rows(); row++) {
            assertThat(predicted.labels()[row]).isEqualTo(predicted.positive()[row] >= 0.9f ? 1 : 0);
        }
        Parity.holds(model, data.validation());
    }

    @Test
    void recoversTheLineThatMadeTheLabels() {
        int rows = 5000;
        SplittableRandom random = new SplittableRandom(9);
        float[] x = new float[rows];
        double[] y = new double[rows];
        int[] outcome = new int[rows];
        for (int row = 0; row < rows; row++) {
            x[row] = (float) (2 + 3 * random.nextGaussian());
            y[row] = 5 - 2 * x[row] + 0.01 * random.nextGaussian();
            outcome[row] = random.nextDouble() < 1 / (1 + Math.exp(-(x[row] - 2))) ? 1 : 0;
        }
        Frame frame = new Frame(rows, List.of(new FeatureColumn.Numeric("x", x)));
        Frame probe = new Frame(2, List.of(new FeatureColumn.Numeric("x", new float[] {0, 3})));

        Predictions.Values values = (Predictions.Values)
                fit("linear_regression", data(Task.REGRESSION, frame, new Labels.Values(y)), Map.of())
                        .predict(probe);
        Predictions.Classes classes = (Predictions.Classes) fit(
                        "logistic_regression",
                        data(Task.BINARY, frame, new Labels.Classes(List.of("n", "y"), outcome)),
                        Map.of())
                .predict(probe);

        assertThat(values.values()[0]).isCloseTo(5, within(0.01f));
        assertThat(values.values()[1]).isCloseTo(-1, within(0.01f));
        assertThat(classes.probability(0, 1)).isCloseTo(0.119f, within(0.02f));
        assertThat(classes.probability(1, 1)).isCloseTo(0.731f, within(0.02f));
    }

    @Test
    void takesBackTheWeightsOfBalancedClasses_whenCalibrating() {
        int rows = 6000;
        SplittableRandom random = new SplittableRandom(10);
        float[] x = new float[rows];
        int[] outcome = new int[rows];
        for (int row = 0; row < rows; row++) {
            x[row] = (float) random.nextGaussian();
            double u = random.nextDouble();
            outcome[row] = u < 0.05 + 0.02 * Math.tanh(x[row]) ? 2 : u < 0.2 ? 1 : 0;
        }
        Frame frame = new Frame(rows, List.of(new FeatureColumn.Numeric("x", x)));
        TrainingData data = data(Task.MULTICLASS, frame, new Labels.Classes(List.of("a", "b", "c"), outcome));
        double share = Arrays.stream(outcome).filter(k -> k == 2).count() / (double) rows;

        Predictions.Classes calibrated =
                (Predictions.Classes) fit("logistic_regression", data, Map.of("class_weight", "balanced"))
                        .predict(frame);
        Predictions.Classes raw = (Predictions.Classes)
                fit("logistic_regression", data, Map.of("class_weight", "balanced", "calibration", "none"))
                        .predict(frame);

        assertThat(mean(calibrated, 2)).isCloseTo(share, within(0.01));
        assertThat(mean(raw, 2)).isCloseTo(1 / 3.0, within(0.01));
    }

    private static double mean(Predictions.Classes predictions, int k) {
        double sum = 0;
        for (int row = 0; row < predictions.rows(); row++) {
            sum += predictions.probability(row, k);
        }
        return sum / predictions.rows();
    }

    private static TrainingData data(Task task, Frame frame, Labels labels) {
        return new TrainingData(List.of(new Input("x", InputType.NUMBER)), task, frame, labels, frame, labels);
    }

    private static TrainedModel fit(String learner, TrainingData data, Map<String, Object> parameters) {
        return Learners.find(learner).orElseThrow().fit(data, parameters, 1, Progress.NONE);
    }
}
