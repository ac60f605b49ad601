package dev.millwright.monitoring;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Ids;
import dev.millwright.core.Predictions;
import dev.millwright.serving.PredictionEvent;
import dev.millwright.serving.RowKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Generated rows and predictions. */
final class Sample {
    static final List<String> CLASSES = List.of("no", "yes");
    private static final List<String> CITIES = List.of("Auckland", "Nelson", "Wellington", "");

    private Sample() {}

    /** Amounts around {@code mean}, a tenth missing; cities evenly. */
    static Frame rows(long seed, int rows, double mean) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] amounts = new float[rows];
        float[] children = new float[rows];
        String[] cities = new String[rows];
        for (int row = 0; row < rows; row++) {
            amounts[row] = random.nextInt(10) == 0 ? Float.NaN : (float) (random.nextGaussian() + mean);
            children[row] = random.nextInt(4);
            cities[row] = CITIES.get(random.nextInt(CITIES.size()));
        }
        return new Frame(
                rows,
                List.of(
                        new FeatureColumn.Numeric("amount", amounts),
                        new FeatureColumn.Numeric("children", children),
                        new FeatureColumn.Text("city", cities)));
    }

    /** Scores that rise with the amount. */
    static Predictions.Classes predictions(Frame rows) {
        float[] amounts = ((FeatureColumn.Numeric) rows.column("amount")).values();
        float[] probabilities = new float[amounts.length * 2];
        int[] labels = new int[amounts.length];
        for (int row = 0; row < amounts.length; row++) {
            double amount = Float.isNaN(amounts[row]) ? 0 : amounts[row];
            float positive = (float) (1 / (1 + Math.exp(-amount)));
            probabilities[2 * row] = 1 - positive;
            probabilities[2 * row + 1] = positive;
            labels[row] = positive >= 0.5f ? 1 : 0;
        }
        return new Predictions.Classes(CLASSES, probabilities, labels);
    }

    static PredictionEvent event(Instant time, int version, Frame rows) {
        return event(time, version, rows, predictions(rows), List.of());
    }

    static PredictionEvent event(Instant time, int version, Frame rows, Predictions predictions, List<RowKey> keys) {
        return new PredictionEvent(
                new Ids(() -> time).uuid().toString(),
                time,
                "churn",
                "model",
                version,
                PredictionEvent.Role.SERVED,
                Optional.of("client"),
                new PredictionEvent.Rows(keys, rows, predictions),
                1_234_000);
    }
}
