package dev.millwright.learn;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Labels;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Generated rows of every kind of column whose labels follow a known rule. */
record Sample(Frame frame, double[] scores) {
    static final List<String> TOWNS = List.of("", "Bern", "Zürich", "Genève", "Basel", "Lugano");
    private static final List<String> WORDS =
            List.of("good", "Bad", "late", "train", "plane", "URGENT", "über", "free", "call", "now", "please");

    /** Columns: age (some missing), income (about 1e9), flat (constant), empty (all missing), town, code (rare), note. */
    static Sample of(int rows, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] age = new float[rows];
        float[] income = new float[rows];
        float[] flat = new float[rows];
        float[] empty = new float[rows];
        String[] town = new String[rows];
        String[] code = new String[rows];
        String[] note = new String[rows];
        double[] scores = new double[rows];
        for (int row = 0; row < rows; row++) {
            age[row] = random.nextInt(7) == 0 ? Float.NaN : (float) (40 + 12 * random.nextGaussian());
            income[row] = (float) (1e9 + 2e8 * random.nextGaussian());
            flat[row] = 3.5f;
            empty[row] = Float.NaN;
            town[row] = TOWNS.get(Math.min(random.nextInt(TOWNS.size()), random.nextInt(TOWNS.size())));
            code[row] = random.nextInt(3) == 0 ? "C" + random.nextInt(100_000) : "C" + random.nextInt(4);
            note[row] = note(random, row);
            scores[row] = (Float.isNaN(age[row]) ? 1 : (age[row] - 40) / 12)
                    + (income[row] - 1e9) / 2e8
                    + (town[row].equals("Bern") ? 1.5 : town[row].isEmpty() ? -1 : 0)
                    + (note[row].contains("URGENT") ? 1 : 0);
        }
        return new Sample(
                new Frame(
                        rows,
                        List.of(
                                new FeatureColumn.Numeric("age", age),
                                new FeatureColumn.Text("town", town),
                                new FeatureColumn.Numeric("income", income),
                                new FeatureColumn.Numeric("flat", flat),
                                new FeatureColumn.Text("note", note),
                                new FeatureColumn.Numeric("empty", empty),
                                new FeatureColumn.Text("code", code))),
                scores);
    }

    private static String note(SplittableRandom random, int row) {
        List<String> words = new ArrayList<>(List.of("n" + row));
        int count = random.nextInt(9);
        for (int i = 0; i < count; i++) {
            words.add(WORDS.get(random.nextInt(WORDS.size())));
        }
        return random.nextInt(20) == 0 ? "" : String.join(random.nextBoolean() ? " " : "  ", words);
    }

    List<Input> inputs() {
        return frame.columns().stream()
                .map(column -> new Input(
                        column.name(), column instanceof FeatureColumn.Numeric ? InputType.NUMBER : InputType.TEXT))
                .toList();
    }

    Labels labels(Task task, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int rows = frame.rows();
        double[] values = new double[rows];
        int[] indices = new int[rows];
        for (int row = 0; row < rows; row++) {
            values[row] = 100 + 10 * scores[row] + random.nextGaussian();
            double noisy = scores[row] + Math.log(1 / random.nextDouble(1e-12, 1) - 1);
            indices[row] = task == Task.BINARY ? (noisy > 0.5 ? 1 : 0) : noisy < -0.5 ? 0 : noisy < 1.5 ? 1 : 2;
        }
        return switch (task) {
            case BINARY -> new Labels.Classes(List.of("no", "yes"), indices);
            case MULTICLASS -> new Labels.Classes(List.of("low", "medium", "hoch"), indices);
            case REGRESSION -> new Labels.Values(values);
        };
    }

    static TrainingData data(Task task, int rows) {
        Sample train = of(rows, 1);
        Sample validation = of(Math.max(1, rows / 3), 2);
        return new TrainingData(
                train.inputs(),
                task,
                train.frame(),
                train.labels(task, 3),
                validation.frame(),
                validation.labels(task, 4));
    }
}
