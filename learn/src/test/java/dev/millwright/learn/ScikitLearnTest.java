package dev.millwright.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Labels;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Progress;
import dev.millwright.core.Task;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** Answers of scikit-learn on the same rows; {@code src/test/scripts/scikit_learn_fixtures.py} made them. */
class ScikitLearnTest {
    private static final double TOLERANCE = 1e-4;

    private final JsonNode fixture = read();

    private static JsonNode read() {
        try (InputStream stream = ScikitLearnTest.class.getResourceAsStream("scikit_learn.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(stream, "scikit_learn.json"));
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    @Test
    void findsTheCoefficientsOfLogisticRegression() {
        TrainedModel model = logistic("binary", Task.BINARY, Map.of("c", 0.7));

        sameCoefficients(model, "binary");
        assertThat(model.curve().getLast().train())
                .isCloseTo(fixture.at("/binary/log_loss").doubleValue(), within(1e-6));
    }

    @Test
    void findsTheCoefficientsWithBalancedClasses() {
        sameCoefficients(logistic("balanced", Task.BINARY, Map.of("c", 0.7, "class_weight", "balanced")), "balanced");
    }

    @Test
    void findsTheCoefficientsOfMultinomialRegression() {
        TrainedModel model = logistic("multiclass", Task.MULTICLASS, Map.of("c", 2));

        sameCoefficients(model, "multiclass");
        assertThat(model.curve().getLast().train())
                .isCloseTo(fixture.at("/multiclass/log_loss").doubleValue(), within(1e-6));
    }

    @Test
    void findsTheCoefficientsOfRidgeRegression() {
        Labels labels = new Labels.Values(doubles(fixture.at("/ridge/labels")));

        sameCoefficients(
                Learners.find("linear_regression")
                        .orElseThrow()
                        .fit(data(Task.REGRESSION, labels), Map.of("alpha", 2.5), 0, Progress.NONE),
                "ridge");
    }

    @Test
    void weighsWordsAsTheTfidfVectorizer() {
        JsonNode expected = fixture.get("tfidf");
        List<String> words = new ArrayList<>();
        expected.get("words").forEach(word -> words.add(word.textValue()));
        String[] texts = new String[expected.get("texts").size()];
        for (int row = 0; row < texts.length; row++) {
            texts[row] = expected.get("texts").get(row).textValue();
        }

        Terms terms = Terms.fit("note", texts, 1000, 2);
        List<SortedMap<Integer, Float>> weights = terms.apply(texts);

        assertThat(terms.words()).isEqualTo(words);
        for (int row = 0; row < texts.length; row++) {
            double[] wanted = doubles(expected.get("weights").get(row));
            for (int word = 0; word < wanted.length; word++) {
                assertThat((double) weights.get(row).getOrDefault(word, 0f)).isCloseTo(wanted[word], within(1e-5));
            }
        }
    }

    @Test
    void calibratesAsPlattScalingDoes() {
        JsonNode expected = fixture.get("platt");
        Calibration calibration =
                SigmoidCalibration.fit(doubles(expected.get("scores")), integers(expected.get("labels")));

        assertThat(calibration.scale()).isCloseTo(-expected.get("a").doubleValue(), within(TOLERANCE));
        assertThat(calibration.shift()[0]).isCloseTo(-expected.get("b").doubleValue(), within(TOLERANCE));
    }

    private TrainedModel logistic(String name, Task task, Map<String, Object> parameters) {
        Map<String, Object> all = new HashMap<>(parameters);
        all.put("tolerance", 1e-10);
        all.put("calibration", "none");
        List<String> classes = task == Task.BINARY ? List.of("0", "1") : List.of("0", "1", "2");
        Labels labels = new Labels.Classes(classes, integers(fixture.get(name).get("labels")));
        return Learners.find("logistic_regression").orElseThrow().fit(data(task, labels), all, 0, Progress.NONE);
    }

    private TrainingData data(Task task, Labels labels) {
        List<FeatureColumn> columns = new ArrayList<>();
        List<Input> inputs = new ArrayList<>();
        for (JsonNode values : fixture.get("numbers")) {
            float[] numbers = new float[values.size()];
            for (int row = 0; row < numbers.length; row++) {
                numbers[row] =
                        values.get(row).isNull() ? Float.NaN : values.get(row).floatValue();
            }
            String name = "x" + columns.size();
            columns.add(new FeatureColumn.Numeric(name, numbers));
            inputs.add(new Input(name, InputType.NUMBER));
        }
        String[] town = new String[labels.rows()];
        for (int row = 0; row < town.length; row++) {
            town[row] = fixture.get("town").get(row).textValue();
        }
        columns.add(new FeatureColumn.Text("town", town));
        inputs.add(new Input("town", InputType.TEXT));
        Frame frame = new Frame(labels.rows(), columns);
        return new TrainingData(inputs, task, frame, labels, frame, labels);
    }

    private void sameCoefficients(TrainedModel model, String name) {
        LinearScorer scorer = (LinearScorer) model.scorer();
        JsonNode coefficients = fixture.get(name).get("coefficients");
        double scale = name.equals("ridge") ? 100 : 1;
        for (int output = 0; output < coefficients.size(); output++) {
            assertThat(scorer.intercepts()[output])
                    .isCloseTo(
                            fixture.get(name).get("intercepts").get(output).doubleValue(), within(scale * TOLERANCE));
            double[] expected = doubles(coefficients.get(output));
            for (int slot = 0; slot < expected.length; slot++) {
                assertThat(scorer.weights()[slot * scorer.outputs() + output])
                        .as("output " + output + ", slot " + slot)
                        .isCloseTo(expected[slot], within(scale * TOLERANCE));
            }
        }
    }

    private static double[] doubles(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).doubleValue();
        }
        return values;
    }

    private static int[] integers(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).intValue();
        }
        return values;
    }
}
