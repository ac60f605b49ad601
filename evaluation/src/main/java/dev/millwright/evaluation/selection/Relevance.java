package dev.millwright.evaluation.selection;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Labels;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What a feature tells of the label, in nats, that it is missing included.
 *
 * @param noise what it would seem to tell at most of labels that were shuffled: their mean and three standard deviations
 */
public record Relevance(double information, double noise) {
    private static final int SHUFFLES = 10;
    private static final int DEVIATIONS = 3;

    /** Whether it tells more than chance makes it seem to. */
    public boolean isBeyondNoise() {
        return information > noise;
    }

    /** Of a column and as many labels; deterministic under the seed. */
    public static Relevance of(FeatureColumn column, Labels labels, long seed) {
        SplittableRandom random = new SplittableRandom(seed * 31 + column.name().hashCode());
        double mean = 0;
        double squares = 0;
        for (int shuffle = 1; shuffle <= SHUFFLES; shuffle++) {
            double chance = information(column, labels.select(permutation(labels.rows(), random)));
            double step = chance - mean;
            mean += step / shuffle;
            squares += step * (chance - mean);
        }
        return new Relevance(information(column, labels), mean + DEVIATIONS * Math.sqrt(squares / (SHUFFLES - 1)));
    }

    private static int[] permutation(int rows, SplittableRandom random) {
        int[] permutation = new int[rows];
        for (int i = 0; i < rows; i++) {
            int other = random.nextInt(i + 1);
            permutation[i] = permutation[other];
            permutation[other] = i;
        }
        return permutation;
    }

    private static double information(FeatureColumn column, Labels labels) {
        return switch (column) {
            case FeatureColumn.Text text -> ofClasses(codes(text.values()), labels);
            case FeatureColumn.Numeric numbers -> ofNumbers(numbers.values(), labels);
        };
    }

    /** What its being missing tells, and what its values do where it isn't: their sum, by the chain rule. */
    private static double ofNumbers(float[] values, Labels labels) {
        int[] present = IntStream.range(0, values.length)
                .filter(row -> Float.isFinite(values[row]))
                .toArray();
        double[] known = IntStream.of(present).mapToDouble(row -> values[row]).toArray();
        double missing = present.length == values.length
                ? 0
                : ofClasses(
                        IntStream.range(0, values.length)
                                .map(row -> Float.isFinite(values[row]) ? 1 : 0)
                                .toArray(),
                        labels);
        double valued = switch (labels.select(present)) {
            case Labels.Classes classes -> MutualInformation.ofNumbersAndClasses(known, classes.indices());
            case Labels.Values numbers -> MutualInformation.ofNumbers(known, numbers.values());
        };
        return missing + valued * present.length / Math.max(1, values.length);
    }

    private static double ofClasses(int[] codes, Labels labels) {
        return switch (labels) {
            case Labels.Classes classes -> MutualInformation.ofClasses(codes, classes.indices());
            case Labels.Values numbers -> MutualInformation.ofNumbersAndClasses(numbers.values(), codes);
        };
    }

    private static int[] codes(String[] values) {
        Map<String, Integer> codes = new HashMap<>();
        int[] of = new int[values.length];
        for (int row = 0; row < of.length; row++) {
            of[row] = codes.computeIfAbsent(values[row], absent -> codes.size());
        }
        return of;
    }
}
