package dev.millwright.evaluation.selection;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.core.Progress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        long total = (long) frame.columns().size() * repeats;
        for (FeatureColumn column : frame.columns()) {
            changes.put(column.name(), change(model, frame, labels, whole, Set.of(column.name()), repeats, seed));
            progress.report("shuffles", (long) changes.size() * repeats, total);
        }
        return adjusted(changes);
    }

    /**
     * The change when columns are shuffled together, each row getting what another had: what they are worth that others of them stand in for, too.
     *
     * @param frame at least two rows
     */
    public static LossChange together(
            Function<Frame, Predictions> model,
            Frame frame,
            Labels labels,
            Set<String> columns,
            int repeats,
            long seed) {
        double[] whole = RowLosses.of(labels, model.apply(frame));
        return change(model, frame, labels, whole, columns, repeats, seed);
    }

    private static LossChange change(
            Function<Frame, Predictions> model,
            Frame frame,
            Labels labels,
            double[] whole,
            Set<String> columns,
            int repeats,
            long seed) {
        SplittableRandom random = new SplittableRandom(seed * 31 + columns.hashCode());
        double[] more = new double[frame.rows()];
        for (int repeat = 0; repeat < repeats; repeat++) {
            double[] losses = RowLosses.of(labels, model.apply(shuffle(frame, columns, random)));
            for (int row = 0; row < more.length; row++) {
                // Differences are summed, not losses: what doesn't change is exactly 0, and no rounding is taken for an
                // effect.
                more[row] += (losses[row] - whole[row]) / repeats;
            }
        }
        return LossChange.of(new double[more.length], more);
    }

    private static Frame shuffle(Frame frame, Set<String> chosen, SplittableRandom random) {
        int[] rows = new int[frame.rows()];
        for (int i = 0; i < rows.length; i++) {
            int other = random.nextInt(i + 1);
            rows[i] = rows[other];
            rows[other] = i;
        }
        return new Frame(
                frame.rows(),
                frame.columns().stream()
                        .map(column -> chosen.contains(column.name()) ? column.select(rows) : column)
                        .toList());
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
