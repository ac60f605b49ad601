package dev.millwright.data.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class FeatureAssociationsTest {
    private static final int ROWS = 400;

    private static FeatureColumn numbers(String name, IntToDoubleFunction value) {
        float[] values = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            values[row] = (float) value.applyAsDouble(row);
        }
        return new FeatureColumn.Numeric(name, values);
    }

    private static FeatureColumn texts(String name, IntFunction<String> value) {
        String[] values = new String[ROWS];
        Arrays.setAll(values, value);
        return new FeatureColumn.Text(name, values);
    }

    @Test
    void comparesNumbersByRank_textsByClass_andNoNumberWithAText() {
        double[][] strengths = FeatureAssociations.of(new Frame(
                ROWS,
                List.of(
                        numbers("up", row -> row),
                        numbers("down", row -> -Math.exp(row / 100.0)),
                        texts("kind", row -> "k" + row % 3),
                        texts("same", row -> "s" + row % 3),
                        texts("coin", row -> row % 2 == 0 ? "heads" : "tails"))));
        assertThat(strengths[0]).containsExactly(new double[] {1, 1, 0, 0, 0}, within(1e-12));
        assertThat(strengths[2][3]).isCloseTo(1, within(1e-12));
        assertThat(strengths[2][4]).isCloseTo(0, within(1e-12));
    }

    @Test
    void valuesThatAreSeldomKnownTogether_sayLittleOfEachOther() {
        double[][] strengths = FeatureAssociations.of(new Frame(
                ROWS, List.of(numbers("all", row -> row), numbers("quarter", row -> row % 4 == 0 ? row : Double.NaN))));
        assertThat(strengths[0][1]).isCloseTo(0.25, within(1e-12));
    }

    @Test
    void anIdOfEachRow_isCompared_withoutATableOfAllItsValues() {
        double[][] strengths = FeatureAssociations.of(new Frame(
                ROWS, List.of(texts("id", row -> "i" + row), texts("kind", row -> "k" + row % 3))));
        assertThat(strengths[0][1]).isBetween(0.0, 1.0);
    }
}
