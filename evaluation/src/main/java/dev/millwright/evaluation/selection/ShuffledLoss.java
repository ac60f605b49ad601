package dev.millwright.evaluation.selection;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.core.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * How much worse a model gets when a column's values are shuffled between rows that it was not trained on (Breiman 2001), with a paired test of
 * each row's loss. A column that tells nothing of these rows' labels changes nothing but by chance, however much the model leans on it.
 */
public final class ShuffledLoss {
    private ShuffledLoss() {}

    /**
     * Calls the model {@code columns × repeats + 1} times. A column's shuffles depend on the seed and its name alone.
     *
     * @param frame at least two rows
     * @return by column, in the frame's order; p-values are adjusted for the number of columns (Holm 1979)
     */
    public static Map<String, LossChange> of(
            Function<Frame, Predictions> model, Frame frame, Labels labels, int repeats, long seed, Progress progress) {
        if (frame.rows() < 2 || repeats < 1) {
            throw new IllegalArgumentException(
                    "rows: " + frame.rows() + ", shuffled " + repeats + " times (expected: at least 2, and 1)");
        }
        double[] whole = RowLosses.of(labels, model.apply(frame));
        Map<String, LossChange> changes = new LinkedHashMap<>();
        int columns = frame.columns().size();
        for (int column = 0; column < columns; column++) {
            String name = frame.columns().get(column).name();
            SplittableRandom random = new SplittableRandom(seed * 31 + name.hashCode());
            double[] mean = new double[whole.length];
            for (int repeat = 0; repeat < repeats; repeat++) {
                double[] shuffled = RowLosses.of(labels, model.apply(shuffle(frame, column, random)));
                for (int row = 0; row < mean.length; row++) {
                    mean[row] += shuffled[row] / repeats;
                }
                progress.report("shuffles", (long) column * repeats + repeat + 1, (long) columns * repeats);
            }
            changes.put(name, LossChange.of(whole, mean));
        }
        return adjusted(changes);
    }

    private static Frame shuffle(Frame frame, int column, SplittableRandom random) {
        int[] rows = new int[frame.rows()];
        for (int i = 0; i < rows.length; i++) {
            int other = random.nextInt(i + 1);
            rows[i] = rows[other];
            rows[other] = i;
        }
        List<FeatureColumn> columns = new ArrayList<>(frame.columns());
        columns.set(column, columns.get(column).select(rows));
        return new Frame(frame.rows(), columns);
    }

    private static Map<String, LossChange> adjusted(Map<String, LossChange> changes) {
        List<String> order = changes.keySet().stream()
                .sorted((a, b) -> Double.compare(pValue(changes, a), pValue(changes, b)))
                .toList();
        Map<String, LossChange> adjusted = new LinkedHashMap<>(changes);
        double least = 0;
        for (int i = 0; i < order.size(); i++) {
            double own = Math.min(1, pValue(changes, order.get(i)) * (order.size() - i));
            double chance = Math.max(least, own);
            least = chance;
            adjusted.computeIfPresent(order.get(i), (name, change) -> change.withPValue(chance));
        }
        return adjusted;
    }

    private static double pValue(Map<String, LossChange> changes, String name) {
        return changes.getOrDefault(name, new LossChange(0, 0, 0, 1)).pValue();
    }
}
