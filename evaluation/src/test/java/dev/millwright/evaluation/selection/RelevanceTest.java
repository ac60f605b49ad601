package dev.millwright.evaluation.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Labels;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RelevanceTest {
    private static final int ROWS = 500;

    private final int[] classes = new int[ROWS];
    private final Labels labels = new Labels.Classes(List.of("no", "yes"), classes);
    private final SplittableRandom random = new SplittableRandom(7);

    RelevanceTest() {
        for (int row = 0; row < ROWS; row++) {
            classes[row] = random.nextInt(2);
        }
    }

    @Test
    void aValueThatIsMissingByClass_tellsAll() {
        float[] values = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            values[row] = classes[row] == 1 ? Float.NaN : random.nextInt(9);
        }
        Relevance relevance = Relevance.of(new FeatureColumn.Numeric("x", values), labels, 1);
        assertThat(relevance.information()).isCloseTo(Math.log(2), within(0.02));
        assertThat(relevance.isBeyondNoise()).isTrue();
    }

    @Test
    void anIdOfEachRow_seemsToTellAll_andTellsNothing() {
        String[] values = new String[ROWS];
        for (int row = 0; row < ROWS; row++) {
            values[row] = "id" + row;
        }
        Relevance relevance = Relevance.of(new FeatureColumn.Text("id", values), labels, 1);
        assertThat(relevance.information()).isCloseTo(Math.log(2), within(0.02));
        assertThat(relevance.isBeyondNoise()).isFalse();
    }
}
