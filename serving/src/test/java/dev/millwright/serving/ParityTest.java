package dev.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Predictions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParityTest {
    @Test
    void namesRowAndOutput_whenAnotherModelAnswers() {
        ParitySet set = Models.parity("binary", Models.BINARY);
        try (OnnxModelRuntime runtime = Models.open("binary_other", Models.BINARY)) {
            ParityReport report = Parity.replay(runtime, set);
            assertThat(report.passed()).isFalse();
            assertThat(report.mismatches()).hasSize(10);
            assertThat(report.mismatchCount()).isGreaterThan(100);
            assertThat(report.mismatches().getFirst().toString())
                    .startsWith("row 0, probabilities[no]: ")
                    .contains("(expected: ");
            assertThat(report.largestDifference()).isGreaterThan(0.1);
        }
    }

    @Test
    void excusesALabel_onlyWhereTheScoreIsAtTheThreshold() {
        Frame rows = frame(2);
        Predictions expected =
                new Predictions.Classes(List.of("no", "yes"), new float[] {0.5f, 0.5f, 0.4f, 0.6f}, new int[] {1, 1});
        Predictions got =
                new Predictions.Classes(List.of("no", "yes"), new float[] {0.5f, 0.5f, 0.4f, 0.6f}, new int[] {0, 0});
        ParityReport report = Parity.replay(new FixedRuntime(Models.BINARY, got), new ParitySet(rows, expected));
        assertThat(report.mismatches())
                .extracting(ParityReport.Mismatch::toString)
                .containsOnly("row 1, label: no (expected: yes)");
    }

    @Test
    void toleratesRounding_butNotMore() {
        Frame rows = frame(2);
        Predictions expected = new Predictions.Values(new float[] {1000, 1000});
        Predictions got = new Predictions.Values(new float[] {1000.009f, 1000.011f});
        ParityReport report = Parity.replay(new FixedRuntime(Models.REGRESSION, got), new ParitySet(rows, expected));
        assertThat(report.mismatches())
                .extracting(ParityReport.Mismatch::toString)
                .containsOnly("row 1, prediction: 1000.011 (expected: 1000.0)");
    }

    @Test
    void failsOnNaN() {
        ParityReport report = Parity.replay(
                new FixedRuntime(Models.REGRESSION, new Predictions.Values(new float[] {Float.NaN})),
                new ParitySet(frame(1), new Predictions.Values(new float[] {1})));
        assertThat(report.passed()).isFalse();
    }

    @Test
    void survivesJson_bitByBit() {
        float[] hard = {Float.NaN, Float.MIN_VALUE, Float.MAX_VALUE, -0f, 0.1f, 16_777_215f, 1f / 3};
        Frame rows =
                new Frame(7, List.of(new FeatureColumn.Numeric("x", hard), new FeatureColumn.Text("t", new String[] {
                    "", "a", "ü", "\"", "\\", "\n", "z"
                })));
        ParitySet set = new ParitySet(rows, new Predictions.Values(hard));
        ParitySet back = ParitySet.fromJson(set.toJson());
        assertThat(((FeatureColumn.Numeric) back.rows().column("x")).values()).containsExactly(hard);
        assertThat(Float.floatToRawIntBits(((Predictions.Values) back.expected()).values()[3]))
                .isEqualTo(Float.floatToRawIntBits(-0f));
        assertThat(((FeatureColumn.Text) back.rows().column("t")).values())
                .containsExactly(((FeatureColumn.Text) rows.column("t")).values());

        ParitySet classes = Models.parity("multiclass", Models.MULTICLASS);
        ParitySet classesBack = ParitySet.fromJson(classes.toJson());
        assertThat(((Predictions.Classes) classesBack.expected()).probabilities())
                .containsExactly(((Predictions.Classes) classes.expected()).probabilities());
        assertThat(((Predictions.Classes) classesBack.expected()).labels())
                .containsExactly(((Predictions.Classes) classes.expected()).labels());
    }

    @Test
    void rejectsOtherJson() {
        assertThatThrownBy(() -> ParitySet.fromJson("{\"format\":9}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("parity set: format 9 (expected: 1)");
    }

    private static Frame frame(int rows) {
        float[] values = new float[rows];
        String[] cities = new String[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = i;
            cities[i] = "";
        }
        return new Frame(
                rows,
                List.of(
                        new FeatureColumn.Numeric("amount", values),
                        new FeatureColumn.Numeric("age", values),
                        new FeatureColumn.Text("city", cities)));
    }
}
