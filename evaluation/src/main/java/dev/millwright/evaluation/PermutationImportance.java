package dev.millwright.evaluation;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.core.Progress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019): a column's values are shuffled between rows, and
 * what the metric loses is how much the model needed them. Of two columns that say the same, both look unimportant.
 */
public final class PermutationImportance {
    private PermutationImportance() {}

    /**
     * Calls the model {@code columns × repeats + 1} times. A column's shuffles depend on the seed and its name only.
     *
     * @return the columns, the most important first
     */
    public static List<Importance> compute(
            Function<Frame, Predictions> model,
            Frame frame,
            Labels labels,
            MetricSpec metric,
            int repeats,
            long seed,
            Progress progress) {
        if (repeats < 1) {
            throw new IllegalArgumentException("repeats: " + repeats + " (expected: at least 1)");
        }
        double whole = metric.compute(labels, model.apply(frame));
        List<Importance> importances = new ArrayList<>();
        long total = (long) frame.columns().size() * repeats;
        for (int index = 0; index < frame.columns().size(); index++) {
            FeatureColumn column = frame.columns().get(index);
            SplittableRandom random =
                    new SplittableRandom(seed * 31 + column.name().hashCode());
            double[] drops = new double[repeats];
            for (int repeat = 0; repeat < repeats; repeat++) {
                Frame shuffled = replace(frame, index, column.select(permutation(frame.rows(), random)));
                drops[repeat] = metric.gain(metric.compute(labels, model.apply(shuffled)), whole);
                progress.report("permutations", (long) index * repeats + repeat + 1, total);
            }
            importances.add(summarise(column.name(), drops));
        }
        importances.sort(Comparator.comparingDouble(Importance::drop).reversed().thenComparing(Importance::column));
        return List.copyOf(importances);
    }

    private static Frame replace(Frame frame, int index, FeatureColumn column) {
        List<FeatureColumn> columns = new ArrayList<>(frame.columns());
        columns.set(index, column);
        return new Frame(frame.rows(), columns);
    }

    /** A uniform permutation (Fisher and Yates). */
    private static int[] permutation(int rows, SplittableRandom random) {
        int[] permutation = new int[rows];
        for (int i = 0; i < rows; i++) {
            int other = random.nextInt(i + 1);
            permutation[i] = permutation[other];
            permutation[other] = i;
        }
        return permutation;
    }

    private static Importance summarise(String column, double[] drops) {
        double mean = 0;
        for (double drop : drops) {
            mean += drop / drops.length;
        }
        double squares = 0;
        for (double drop : drops) {
            squares += (drop - mean) * (drop - mean);
        }
        return new Importance(column, mean, drops.length > 1 ? Math.sqrt(squares / (drops.length - 1)) : 0);
    }
}
