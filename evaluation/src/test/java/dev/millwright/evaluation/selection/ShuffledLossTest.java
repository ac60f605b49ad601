package dev.millwright.evaluation.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.core.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ShuffledLossTest {
    private static final int ROWS = 600;

    /** Says half of {@code signal} and, as an overfitted model does, half of {@code noise} too. */
    private static Predictions predict(Frame frame) {
        float[] signal = ((FeatureColumn.Numeric) frame.column("signal")).values();
        float[] noise = ((FeatureColumn.Numeric) frame.column("noise0")).values();
        float[] said = new float[frame.rows()];
        for (int row = 0; row < said.length; row++) {
            said[row] = signal[row] + noise[row] / 2;
        }
        return new Predictions.Values(said);
    }

    private static float[] gaussian(SplittableRandom random) {
        float[] values = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            values[row] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Map<String, LossChange> changes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] signal = gaussian(random);
        double[] label = new double[ROWS];
        Arrays.setAll(label, row -> signal[row] + random.nextGaussian());
        List<FeatureColumn> columns = new ArrayList<>(List.of(new FeatureColumn.Numeric("signal", signal)));
        for (int i = 0; i < 4; i++) {
            columns.add(new FeatureColumn.Numeric("noise" + i, gaussian(random)));
        }
        return ShuffledLoss.of(
                ShuffledLossTest::predict, new Frame(ROWS, columns), new Labels.Values(label), 3, seed, Progress.NONE);
    }

    private static LossChange change(Map<String, LossChange> changes, String name) {
        return Objects.requireNonNull(changes.get(name));
    }

    @Test
    void findsTheColumnThatHelps() {
        LossChange signal = change(changes(1), "signal");
        assertThat(signal.pValue()).isLessThan(1e-6);
        assertThat(signal.low()).isPositive();
        assertThat(signal.mean()).isBetween(signal.low(), signal.high()).isCloseTo(2, within(0.5));
    }

    @Test
    void callsNoiseHelpful_inNoMoreThanOneOfTwentyTables_thoughTheModelLeansOnIt() {
        int wrong = 0;
        for (long seed = 0; seed < 100; seed++) {
            Map<String, LossChange> changes = changes(seed);
            wrong += change(changes, "noise0").pValue() < 0.05 ? 1 : 0;
        }
        assertThat(wrong).isLessThanOrEqualTo(8);
    }

    @Test
    void aColumnThatTheModelIgnoresChangesNothing() {
        assertThat(change(changes(3), "noise3")).isEqualTo(new LossChange(0, 0, 0, 1));
    }

    @Test
    void theLossOfAClassifierIsItsLogLoss() {
        Labels labels = new Labels.Classes(List.of("no", "yes"), new int[] {0, 1, 1});
        Predictions said = new Predictions.Classes(
                List.of("no", "yes"), new float[] {0.5f, 0.5f, 0.25f, 0.75f, 1, 0}, new int[] {1, 1, 0});
        assertThat(RowLosses.of(labels, said))
                .containsExactly(new double[] {Math.log(2), -Math.log(0.75), -Math.log(1e-7)}, within(1e-9));
    }

    @Test
    void whatStandsInForEachOther_isWorthMoreTogether() {
        SplittableRandom random = new SplittableRandom(9);
        float[] signal = gaussian(random);
        double[] label = new double[ROWS];
        Arrays.setAll(label, row -> signal[row]);
        Frame frame = new Frame(
                ROWS, List.of(new FeatureColumn.Numeric("one", signal), new FeatureColumn.Numeric("other", signal)));
        LossChange both = ShuffledLoss.together(
                ShuffledLossTest::either, frame, new Labels.Values(label), Set.of("one", "other"), 2, 1);
        LossChange one =
                ShuffledLoss.together(ShuffledLossTest::either, frame, new Labels.Values(label), Set.of("one"), 2, 1);
        assertThat(both.mean()).isCloseTo(2, within(0.3)).isGreaterThan(2 * one.mean());
    }

    private static Predictions either(Frame frame) {
        float[] one = ((FeatureColumn.Numeric) frame.column("one")).values();
        float[] other = ((FeatureColumn.Numeric) frame.column("other")).values();
        float[] said = new float[frame.rows()];
        for (int row = 0; row < said.length; row++) {
            said[row] = (one[row] + other[row]) / 2;
        }
        return new Predictions.Values(said);
    }

    @Test
    void refusesOneRow() {
        Frame frame = new Frame(1, List.of(new FeatureColumn.Numeric("x", new float[1])));
        assertThatThrownBy(() -> ShuffledLoss.of(
                        rows -> new Predictions.Values(new float[1]),
                        frame,
                        new Labels.Values(new double[1]),
                        1,
                        0,
                        Progress.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rows: 1, shuffled 1 times (expected: at least 2, and 1)");
    }
}
