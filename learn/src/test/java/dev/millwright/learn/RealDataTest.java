package dev.millwright.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Labels;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Predictions;
import dev.millwright.core.Progress;
import dev.millwright.core.Task;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Scores on public data, compared with what scikit-learn's gradient boosting reaches there. */
class RealDataTest {

    @Test
    void scoresChurnLikeTheReference() {
        Table table = Table.read("telco_churn/Telco-Customer-Churn.csv", ',', StandardCharsets.UTF_8);
        Split split = table.split("Churn", List.of("No", "Yes"), List.of("customerID"), List.of("TotalCharges"));

        assertThat(split.auc("logistic_regression", Map.of())).isGreaterThan(0.83);
        assertThat(split.auc("xgboost", Map.of())).isGreaterThan(0.83);
    }

    @Test
    void ignoresAColumnOfIds_andSaysSo() {
        Table table = Table.read("telco_churn/Telco-Customer-Churn.csv", ',', StandardCharsets.UTF_8);
        Split split = table.split("Churn", List.of("No", "Yes"), List.of(), List.of("TotalCharges"));

        TrainedModel model = split.fit("logistic_regression", Map.of("max_iterations", 50));

        assertThat(model.description()).contains("ignored customerID");
        assertThat(model.importance()).containsEntry("customerID", 0.0);
        Parity.holds(model, split.test());
    }

    @Test
    void scoresBankMarketingWithoutTheLeak() {
        Table table = Table.read("bank_marketing/bank_full_header.csv", ',', StandardCharsets.UTF_8);
        Split split = table.split("deposit", List.of("no", "yes"), List.of("duration"), List.of());

        assertThat(split.auc("xgboost", Map.of())).isGreaterThan(0.78);
        assertThat(split.auc("logistic_regression", Map.of("class_weight", "balanced")))
                .isGreaterThan(0.75);
    }

    @Test
    void staysCalibrated_whenClassesAreBalanced() {
        Table table = Table.read("bank_marketing/bank_full_header.csv", ',', StandardCharsets.UTF_8);
        Split split = table.split("deposit", List.of("no", "yes"), List.of("duration"), List.of());

        TrainedModel model = split.fit("xgboost", Map.of("class_weight", "balanced"));
        float[] scores = ((Predictions.Classes) model.predict(split.test())).positive();
        double mean = 0;
        for (float score : scores) {
            mean += score / scores.length;
        }
        double share = Arrays.stream(split.testLabels()).average().orElseThrow();

        assertThat(mean).isBetween(share - 0.01, share + 0.01);
    }

    @Test
    void tellsSpamFromItsWords() {
        Table table = Table.read("sms_spam/spam.csv", ',', StandardCharsets.ISO_8859_1);
        Split split = table.split("label", List.of("ham", "spam"), List.of(), List.of());

        assertThat(split.auc("logistic_regression", Map.of())).isGreaterThan(0.98);
        assertThat(split.auc("xgboost", Map.of("n_estimators", 100))).isGreaterThan(0.95);
    }

    /** A small reader of comma-separated files with quotes. */
    private record Table(List<String> names, List<List<String>> rows) {
        static Table read(String path, char separator, Charset charset) {
            Optional<Path> file = folder().map(folder -> folder.resolve(path)).filter(Files::exists);
            Assumptions.assumeTrue(
                    file.isPresent(), "skipped: no ../shared/data/" + path + " (set MILLWRIGHT_TEST_DATA)");
            try {
                List<List<String>> rows = parse(Files.readString(file.orElseThrow(), charset), separator);
                return new Table(rows.getFirst(), rows.subList(1, rows.size()));
            } catch (IOException unreadable) {
                throw new IllegalStateException(unreadable);
            }
        }

        private static Optional<Path> folder() {
            String named = System.getenv("MILLWRIGHT_TEST_DATA");
            if (named != null) {
                return Optional.of(Path.of(named));
            }
            for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
                if (Files.isDirectory(at.resolve("../shared/data"))) {
                    return Optional.of(at.resolve("../shared/data"));
                }
            }
            return Optional.empty();
        }

        private static List<List<String>> parse(String text, char separator) {
            List<List<String>> rows = new ArrayList<>();
            List<String> row = new ArrayList<>();
            StringBuilder field = new StringBuilder();
            boolean quoted = false;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '"') {
                    quoted = !quoted;
                } else if (!quoted && (c == separator || c == '\n')) {
                    row.add(field.toString());
                    field.setLength(0);
                    if (c == '\n') {
                        rows.add(row);
                        row = new ArrayList<>();
                    }
                } else if (c != '\r') {
                    field.append(c);
                }
            }
            return rows;
        }

        /** 60 % to train on, 20 % to validate, 20 % to test, at random. */
        Split split(String label, List<String> classes, List<String> without, List<String> numeric) {
            int[] order = order();
            List<FeatureColumn> columns = new ArrayList<>();
            List<Input> inputs = new ArrayList<>();
            int labelAt = names.indexOf(label);
            int[] labels = new int[order.length];
            for (int i = 0; i < order.length; i++) {
                labels[i] = classes.indexOf(rows.get(order[i]).get(labelAt));
            }
            for (String name : names) {
                if (!name.isEmpty() && !name.equals(label) && !without.contains(name)) {
                    FeatureColumn column = column(name, order, numeric.contains(name));
                    columns.add(column);
                    boolean number = column instanceof FeatureColumn.Numeric;
                    inputs.add(new Input(name, number ? InputType.NUMBER : InputType.TEXT));
                }
            }
            return new Split(inputs, new Frame(order.length, columns), new Labels.Classes(classes, labels));
        }

        private int[] order() {
            int[] order = new int[rows.size()];
            SplittableRandom random = new SplittableRandom(5);
            for (int i = 0; i < order.length; i++) {
                int j = random.nextInt(i + 1);
                order[i] = order[j];
                order[j] = i;
            }
            return order;
        }

        private FeatureColumn column(String name, int[] order, boolean declaredNumeric) {
            int at = names.indexOf(name);
            String[] texts = new String[order.length];
            for (int i = 0; i < texts.length; i++) {
                List<String> row = rows.get(order[i]);
                texts[i] = at < row.size() ? row.get(at) : "";
            }
            boolean numeric = declaredNumeric || Arrays.stream(texts).allMatch(text -> text.matches("-?[0-9.]+"));
            if (!numeric) {
                return new FeatureColumn.Text(name, texts);
            }
            float[] values = new float[texts.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = texts[i].isBlank() ? Float.NaN : Float.parseFloat(texts[i]);
            }
            return new FeatureColumn.Numeric(name, values);
        }
    }

    private record Split(List<Input> inputs, Frame frame, Labels.Classes labels) {
        TrainedModel fit(String learner, Map<String, Object> parameters) {
            int train = frame.rows() * 6 / 10;
            int validated = frame.rows() * 8 / 10;
            TrainingData data = new TrainingData(
                    inputs,
                    Task.BINARY,
                    frame.slice(0, train),
                    labels.select(range(0, train)),
                    frame.slice(train, validated),
                    labels.select(range(train, validated)));
            return Learners.find(learner).orElseThrow().fit(data, parameters, 1, Progress.NONE);
        }

        Frame test() {
            return frame.slice(frame.rows() * 8 / 10, frame.rows());
        }

        int[] testLabels() {
            return labels.select(range(frame.rows() * 8 / 10, frame.rows())).indices();
        }

        /** Of the test rows; asserts parity on the way. */
        double auc(String learner, Map<String, Object> parameters) {
            TrainedModel model = fit(learner, parameters);
            Frame test = test();
            Parity.holds(model, test);
            return Auc.of(((Predictions.Classes) model.predict(test)).positive(), testLabels());
        }

        private static int[] range(int from, int to) {
            int[] range = new int[to - from];
            Arrays.setAll(range, i -> from + i);
            return range;
        }
    }
}
