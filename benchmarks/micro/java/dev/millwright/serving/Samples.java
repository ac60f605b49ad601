package dev.millwright.serving;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A signature of thirty numbers, rows of it, and a model of it that costs nothing: what is measured is the way to it and back. */
public final class Samples {
    public static final ModelSignature SIGNATURE = new ModelSignature(
            Task.BINARY,
            IntStream.range(0, 30).mapToObj(i -> new Input("feature_" + i, InputType.NUMBER)).toList(),
            List.of("no", "yes"),
            0.5);

    private Samples() {}

    public static Frame rows(int count) {
        SplittableRandom random = new SplittableRandom(7);
        return new Frame(
                count,
                SIGNATURE.inputs().stream()
                        .map(input -> {
                            float[] values = new float[count];
                            for (int i = 0; i < count; i++) {
                                values[i] = (float) random.nextDouble(-3, 3);
                            }
                            return (FeatureColumn) new FeatureColumn.Numeric(input.name(), values);
                        })
                        .toList());
    }

    public static Predictions.Classes predictions(int count) {
        SplittableRandom random = new SplittableRandom(11);
        float[] probabilities = new float[2 * count];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            float yes = (float) random.nextDouble();
            probabilities[2 * i] = 1 - yes;
            probabilities[2 * i + 1] = yes;
            labels[i] = yes >= 0.5f ? 1 : 0;
        }
        return new Predictions.Classes(SIGNATURE.classes(), probabilities, labels);
    }

    /** Answers with what was made beforehand. */
    public static final class Known implements ModelRuntime {
        private final Predictions[] answers =
                IntStream.rangeClosed(0, 64).mapToObj(Samples::predictions).toArray(Predictions[]::new);

        @Override
        public ModelSignature signature() {
            return SIGNATURE;
        }

        @Override
        public Predictions predict(Frame rows) {
            return answers[rows.rows()];
        }

        @Override
        public void close() {}
    }
}
