package dev.millwright.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every learner, on every task that it learns, goes through every check. */
@ParameterizedClass
@MethodSource("cases")
class LearnerMatrixTest {
    private static final int ROWS = 300;
    private static final long SEED = 7;

    private final Learner learner;
    private final Task task;

    LearnerMatrixTest(Learner learner, Task task) {
        this.learner = learner;
        this.task = task;
    }

    static Stream<Arguments> cases() {
        return Learners.names().stream()
                .map(name -> Learners.find(name).orElseThrow())
                .flatMap(learner -> learner.tasks().stream()
                        .sorted()
                        .map(task -> Arguments.of(Named.of(learner.name(), learner), task)));
    }

    private TrainedModel fit(TrainingData data) {
        return fit(data, Map.of());
    }

    private TrainedModel fit(TrainingData data, Map<String, Object> parameters) {
        Map<String, Object> all = new HashMap<>(parameters);
        if (learner.name().equals("xgboost")) {
            all.putIfAbsent("n_estimators", 40);
        }
        return learner.fit(data, all, SEED, Progress.NONE);
    }

    @Test
    void givesTheSameBytes_underTheSameSeed() {
        TrainingData data = Sample.data(task, ROWS);

        assertThat(fit(data).onnx()).isEqualTo(fit(data).onnx());
    }

    @Test
    void predictsInOnnxRuntimeWhatTheTrainerPredicts() {
        TrainedModel model = fit(Sample.data(task, ROWS));

        Parity.holds(model, Sample.of(500, 11).frame());
    }

    @Test
    void predictsTheSame_whateverTheBatch() {
        TrainedModel model = fit(Sample.data(task, ROWS));
        Frame frame = Sample.of(50, 12).frame();

        for (int row = 0; row < frame.rows(); row++) {
            assertThat(scores(model.predict(frame.slice(row, row + 1)))).isEqualTo(row(model.predict(frame), row));
        }
    }

    @Test
    void findsColumnsByName_inAnyOrder() {
        TrainingData data = Sample.data(task, ROWS);
        TrainingData shuffled = new TrainingData(
                data.inputs(),
                task,
                reversed(data.train()),
                data.trainLabels(),
                reversed(data.validation()),
                data.validationLabels());
        Frame frame = Sample.of(50, 13).frame();

        assertThat(fit(shuffled).onnx()).isEqualTo(fit(data).onnx());
        assertThat(scores(fit(data).predict(reversed(frame))))
                .isEqualTo(scores(fit(data).predict(frame)));
    }

    @Test
    void takesMissingValues_inEveryColumn() {
        TrainedModel model = fit(Sample.data(task, ROWS));
        Frame frame = Sample.of(20, 14).frame();

        for (FeatureColumn column : frame.columns()) {
            Parity.holds(model, with(frame, missing(column)));
        }
        Parity.holds(
                model,
                new Frame(
                        20,
                        frame.columns().stream().map(LearnerMatrixTest::missing).toList()));
    }

    @Test
    void takesCategoriesThatTrainingNeverSaw() {
        TrainedModel model = fit(Sample.data(task, ROWS));
        Frame frame = Sample.of(20, 15).frame();

        Parity.holds(model, with(frame, text("town", "Atlantis", 20)));
        Parity.holds(model, with(frame, text("town", "\ud83d\ude00", 20)));
        Parity.holds(model, with(frame, text("code", "never seen", 20)));
        Parity.holds(
                model,
                with(
                        frame,
                        text("note", "words \t nobody\never   WROTE \u0001 ÄÖÜ ẞ İ Σς \ud83d\ude00 a\u0000 FREE", 20)));
    }

    @Test
    void treatsAnUnseenCategoryAsARareOne() {
        TrainedModel model = fit(Sample.data(task, ROWS));
        Frame frame = Sample.of(20, 16).frame();
        String rare = ((FeatureColumn.Text) Sample.of(ROWS, 1).frame().column("code")).values()[0];
        String once = Arrays.stream(
                        ((FeatureColumn.Text) Sample.of(ROWS, 1).frame().column("code")).values())
                .filter(value -> value.length() > 4)
                .findFirst()
                .orElse(rare);

        assertThat(scores(model.predict(with(frame, text("code", once, 20)))))
                .isEqualTo(scores(model.predict(with(frame, text("code", "never seen", 20)))));
    }

    @Test
    void takesHugeValues() {
        TrainedModel model = fit(Sample.data(task, ROWS));
        Frame frame = Sample.of(4, 17).frame();

        for (String column : List.of("age", "income", "flat", "empty")) {
            float[] huge = {1e9f, -1e30f, Float.MAX_VALUE, Float.POSITIVE_INFINITY};
            Parity.holds(model, with(frame, new FeatureColumn.Numeric(column, huge)));
        }
    }

    @Test
    void learnsFromHugeValues() {
        TrainingData data = Sample.data(task, ROWS);
        TrainedModel model = fit(new TrainingData(
                data.inputs(),
                task,
                with(data.train(), scaled(data.train(), 1e26f)),
                data.trainLabels(),
                with(data.validation(), scaled(data.validation(), 1e26f)),
                data.validationLabels()));

        Frame frame = Sample.of(100, 18).frame();
        Parity.holds(model, with(frame, scaled(frame, 1e26f)));
    }

    @Test
    void learnsWithoutValidationRows() {
        TrainingData data = Sample.data(task, ROWS);
        TrainedModel model = fit(new TrainingData(
                data.inputs(),
                task,
                data.train(),
                data.trainLabels(),
                data.validation().slice(0, 0),
                data.validationLabels().select(new int[0])));

        Parity.holds(model, Sample.of(50, 19).frame());
    }

    @Test
    void learnsFromNumbersAlone_andFromTextAlone() {
        for (InputType type : InputType.values()) {
            TrainingData data = Sample.data(task, ROWS);
            List<Input> inputs =
                    data.inputs().stream().filter(input -> input.type() == type).toList();
            TrainedModel model = fit(new TrainingData(
                    inputs, task, data.train(), data.trainLabels(), data.validation(), data.validationLabels()));

            Parity.holds(model, Sample.of(50, 20).frame());
        }
    }

    @Test
    void learnsFromOneRow_orSaysWhyNot() {
        TrainingData data = Sample.data(task, ROWS);
        int[] first = {0};
        TrainingData single = new TrainingData(
                data.inputs(),
                task,
                data.train().select(first),
                data.trainLabels().select(first),
                data.validation().select(first),
                data.validationLabels().select(first));

        if (task.isClassification()) {
            assertThatThrownBy(() -> fit(single))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("no training row of class");
        } else {
            Parity.holds(fit(single), Sample.of(5, 21).frame());
        }
    }

    @Test
    void refusesLabelsOfOneClass_andLearnsAConstantNumber() {
        TrainingData data = Sample.data(task, ROWS);
        Labels constant = switch (data.trainLabels()) {
            case Labels.Classes classes -> new Labels.Classes(classes.classes(), new int[ROWS]);
            case Labels.Values _ -> {
                double[] values = new double[ROWS];
                Arrays.fill(values, 4.25);
                yield new Labels.Values(values);
            }
        };
        TrainingData same = new TrainingData(
                data.inputs(), task, data.train(), constant, data.validation(), data.validationLabels());

        if (task.isClassification()) {
            assertThatThrownBy(() -> fit(same))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("labels: no training row of class")
                    .hasMessageContaining("(expected: at least one of each class)");
        } else {
            Predictions.Values predicted =
                    (Predictions.Values) fit(same).predict(Sample.of(5, 22).frame());
            assertThat(predicted.values()).containsOnly(4.25f);
        }
    }

    @Test
    void refusesEveryParameterOutsideItsBounds() {
        TrainingData data = Sample.data(task, ROWS);
        for (Map.Entry<String, Object> wrong : invalid()) {
            assertThatThrownBy(() -> fit(data, Map.of(wrong.getKey(), wrong.getValue())))
                    .as(wrong.toString())
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith(wrong.getKey() + ": ");
        }
    }

    private List<Map.Entry<String, Object>> invalid() {
        List<Map.Entry<String, Object>> invalid = new ArrayList<>();
        for (ParameterSpec spec : learner.parameters()) {
            invalid.add(Map.entry(spec.name(), new Object()));
            switch (spec.type()) {
                case INTEGER, NUMBER -> {
                    invalid.add(Map.entry(spec.name(), spec.min() - 1));
                    invalid.add(Map.entry(spec.name(), spec.max() * 2 + 1));
                    invalid.add(Map.entry(spec.name(), Double.NaN));
                    invalid.add(Map.entry(spec.name(), "many"));
                }
                case CHOICE, COLUMNS -> invalid.add(Map.entry(spec.name(), "no such word"));
            }
        }
        return invalid;
    }

    @Test
    void suggestsTheNearestParameter() {
        String known = learner.parameters().getFirst().name();
        TrainingData data = Sample.data(task, ROWS);

        assertThatThrownBy(() -> fit(data, Map.of(known + "x", 1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(known + "x: not a parameter of " + learner.name())
                .hasMessageContaining("'" + known + "'");
    }

    @Test
    void reportsEveryParameterAsItWasUsed() {
        TrainedModel model = fit(Sample.data(task, ROWS), Map.of("max_categories", 5L));

        assertThat(model.parameters()).containsEntry("max_categories", 5).containsKey("text_columns");
    }

    @Test
    void drawsACurve_andSharesOutImportance() {
        TrainedModel model = fit(Sample.data(task, ROWS));

        assertThat(model.curve()).isNotEmpty();
        assertThat(model.curve().getLast().train())
                .isLessThan(model.curve().getFirst().train());
        assertThat(model.importance().keySet())
                .containsExactlyElementsOf(model.signature().inputNames());
        assertThat(model.importance().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isBetween(0.999, 1.001);
        assertThat(model.importance().get("flat")).isZero();
        assertThat(model.importance().get("income")).isGreaterThan(0.1);
        assertThat(model.description()).contains(learner.name()).contains("text note");
    }

    private static Frame reversed(Frame frame) {
        List<FeatureColumn> columns = new ArrayList<>(frame.columns());
        Collections.reverse(columns);
        return new Frame(frame.rows(), columns);
    }

    private static Frame with(Frame frame, FeatureColumn replacement) {
        return new Frame(
                frame.rows(),
                frame.columns().stream()
                        .map(column -> column.name().equals(replacement.name()) ? replacement : column)
                        .toList());
    }

    private static FeatureColumn scaled(Frame frame, float factor) {
        float[] values =
                ((FeatureColumn.Numeric) frame.column("income")).values().clone();
        for (int row = 0; row < values.length; row++) {
            values[row] *= factor;
        }
        return new FeatureColumn.Numeric("income", values);
    }

    private static FeatureColumn missing(FeatureColumn column) {
        return switch (column) {
            case FeatureColumn.Numeric numeric -> {
                float[] values = new float[numeric.rows()];
                Arrays.fill(values, Float.NaN);
                yield new FeatureColumn.Numeric(numeric.name(), values);
            }
            case FeatureColumn.Text words -> text(words.name(), "", words.rows());
        };
    }

    private static FeatureColumn text(String name, String value, int rows) {
        String[] values = new String[rows];
        Arrays.fill(values, value);
        return new FeatureColumn.Text(name, values);
    }

    private static float[] scores(Predictions predictions) {
        return switch (predictions) {
            case Predictions.Classes classes -> classes.probabilities();
            case Predictions.Values values -> values.values();
        };
    }

    private static float[] row(Predictions predictions, int row) {
        float[] scores = scores(predictions);
        int width = scores.length / predictions.rows();
        return Arrays.copyOfRange(scores, row * width, (row + 1) * width);
    }
}
