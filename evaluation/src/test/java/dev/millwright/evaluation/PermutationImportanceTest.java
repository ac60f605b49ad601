package dev.millwright.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.core.Progress;
import dev.millwright.core.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PermutationImportanceTest {
    private static final MetricSpec RMSE = Metrics.load("rmse", Task.REGRESSION);

    private final Frame frame = frame(2_000);
    private final Labels labels = new Labels.Values(toDoubles(((Predictions.Values) predict(frame)).values()));

    @Test
    void ordersColumnsByWhatTheModelLosesWithoutThem() {
        List<Importance> importances = PermutationImportance.compute(
                PermutationImportanceTest::predict, frame, labels, RMSE, 3, 1, Progress.NONE);
        assertThat(importances.stream().map(Importance::column)).containsExactly("big", "small", "sign", "ignored");
        // a shuffled column of weight w and standard deviation 1 costs w × √2
        assertThat(importances.getFirst().drop()).isBetween(3.9, 4.6);
        assertThat(importances.getFirst().deviation()).isPositive();
        assertThat(importances.getLast()).isEqualTo(new Importance("ignored", 0, 0));
    }

    @Test
    void isDeterministicUnderItsSeed_andDoesNotDependOnTheOrderOfColumns() {
        List<FeatureColumn> turned = new ArrayList<>(frame.columns()).reversed();
        assertThat(PermutationImportance.compute(
                        PermutationImportanceTest::predict,
                        new Frame(frame.rows(), turned),
                        labels,
                        RMSE,
                        2,
                        7,
                        Progress.NONE))
                .isEqualTo(PermutationImportance.compute(
                        PermutationImportanceTest::predict, frame, labels, RMSE, 2, 7, Progress.NONE));
    }

    @Test
    void reportsProgressToTheEnd() {
        List<Long> done = new ArrayList<>();
        PermutationImportance.compute(
                PermutationImportanceTest::predict, frame, labels, RMSE, 2, 1, (what, now, total) -> {
                    assertThat(total).isEqualTo(8);
                    done.add(now);
                });
        assertThat(done).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    }

    @Test
    void leavesTheFrameAsItWas() {
        float[] before = ((FeatureColumn.Numeric) frame.column("big")).values().clone();
        PermutationImportance.compute(PermutationImportanceTest::predict, frame, labels, RMSE, 1, 1, Progress.NONE);
        assertThat(((FeatureColumn.Numeric) frame.column("big")).values()).isEqualTo(before);
    }

    @Test
    void refusesNoRepeats() {
        assertThatThrownBy(() -> PermutationImportance.compute(
                        PermutationImportanceTest::predict, frame, labels, RMSE, 0, 1, Progress.NONE))
                .hasMessage("repeats: 0 (expected: at least 1)");
    }

    private static Predictions predict(Frame frame) {
        float[] big = ((FeatureColumn.Numeric) frame.column("big")).values();
        float[] small = ((FeatureColumn.Numeric) frame.column("small")).values();
        String[] sign = ((FeatureColumn.Text) frame.column("sign")).values();
        float[] predicted = new float[frame.rows()];
        for (int row = 0; row < predicted.length; row++) {
            predicted[row] = 3 * big[row] + small[row] + (sign[row].equals("+") ? 0.5f : -0.5f);
        }
        return new Predictions.Values(predicted);
    }

    private static Frame frame(int rows) {
        SplittableRandom random = new SplittableRandom(1);
        float[] big = new float[rows];
        float[] small = new float[rows];
        float[] ignored = new float[rows];
        String[] sign = new String[rows];
        for (int row = 0; row < rows; row++) {
            big[row] = (float) random.nextGaussian();
            small[row] = (float) random.nextGaussian();
            ignored[row] = (float) random.nextGaussian();
            sign[row] = random.nextInt(2) == 0 ? "+" : "-";
        }
        return new Frame(
                rows,
                List.of(
                        new FeatureColumn.Numeric("small", small),
                        new FeatureColumn.Text("sign", sign),
                        new FeatureColumn.Numeric("ignored", ignored),
                        new FeatureColumn.Numeric("big", big)));
    }

    private static double[] toDoubles(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
