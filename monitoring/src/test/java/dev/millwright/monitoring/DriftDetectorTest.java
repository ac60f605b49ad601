package dev.millwright.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Predictions;
import dev.millwright.monitoring.DriftReport.ColumnDrift;
import dev.millwright.monitoring.DriftReport.Side;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriftDetectorTest {
    private static final Frame TRAINING = Sample.rows(1, 5000, 0);
    private static final ReferenceProfile REFERENCE = Profiler.of(TRAINING, Sample.predictions(TRAINING));

    private static DriftReport compare(Frame rows) {
        return DriftDetector.compare(REFERENCE, rows, Sample.predictions(rows), DriftOptions.DEFAULT);
    }

    @Test
    void findsTheColumnThatMoved_andTheAnswersWithIt() {
        DriftReport report = compare(Sample.rows(2, 1000, 1));
        assertThat(report.drifted())
                .extracting(ColumnDrift::column)
                .containsExactlyInAnyOrder("amount", "probability(yes)");
        assertThat(report.columns())
                .filteredOn(column -> column.side() == Side.OUTPUT)
                .singleElement()
                .satisfies(column -> assertThat(column.kolmogorovSmirnov()).isBetween(0.3, 0.45));
    }

    @Test
    void staysQuiet_onSamplesOfTheSameDistribution() {
        for (int seed = 10; seed < 210; seed++) {
            assertThat(compare(Sample.rows(seed, 500, 0)).drifted()).isEmpty();
        }
    }

    @Test
    void staysQuiet_onASmallButSureDifference() {
        DriftReport report = compare(Sample.rows(3, 50_000, 0.15));
        assertThat(report.columns().getFirst().correctedPValue()).isLessThan(1e-6);
        assertThat(report.drifted()).isEmpty();
    }

    @Test
    void staysQuiet_onFewRows() {
        DriftReport report = compare(Sample.rows(4, 150, 2));
        assertThat(report.enoughRows()).isFalse();
        assertThat(report.largestPsi()).isGreaterThan(1);
        assertThat(report.drifted()).isEmpty();
    }

    @Test
    void noticesValuesThatGoMissing_andWordsThatAreNew() {
        Frame rows = Sample.rows(5, 1000, 0);
        String[] cities = new String[1000];
        float[] missing = new float[1000];
        java.util.Arrays.fill(cities, "Dunedin");
        java.util.Arrays.fill(missing, Float.NaN);
        Frame changed = new Frame(
                1000,
                List.of(
                        rows.column("amount"),
                        new FeatureColumn.Numeric("children", missing),
                        new FeatureColumn.Text("city", cities)));
        DriftReport report = DriftDetector.compare(REFERENCE, changed, Sample.predictions(rows), DriftOptions.DEFAULT);
        assertThat(report.drifted()).extracting(ColumnDrift::column).containsExactlyInAnyOrder("children", "city");
        ColumnDrift children = report.columns().get(1);
        assertThat(children.windowMissing()).isEqualTo(1);
        assertThat(children.referenceMissing()).isZero();
        ColumnDrift city = report.columns().get(2);
        assertThat(city.bins())
                .contains("Auckland", "Nelson", "Wellington")
                .endsWith("other", "missing")
                .hasSize(5);
        assertThat(city.windowCounts()).containsExactly(0, 0, 0, 1000, 0);
    }

    @Test
    void putsQuantilesInBins_andFewValuesInOneEach() {
        ColumnProfile.Numeric amount =
                (ColumnProfile.Numeric) REFERENCE.columns().get(0);
        assertThat(amount.edges()).hasSize(9);
        for (int bin = 0; bin < 10; bin++) {
            assertThat(amount.counts()[bin]).isBetween(430L, 470L);
        }
        ColumnProfile.Numeric children =
                (ColumnProfile.Numeric) REFERENCE.columns().get(1);
        assertThat(children.edges()).containsExactly(0.5, 1.5, 2.5);
        assertThat(children.binLabels()).containsExactly("≤ 0.5", "0.5 – 1.5", "1.5 – 2.5", "> 2.5", "missing");
    }

    @Test
    void profilesRegressionsSeveralClassesAndConstants() {
        Frame constant = new Frame(3, List.of(new FeatureColumn.Numeric("x", new float[] {7, 7, 7})));
        ReferenceProfile values = Profiler.of(constant, new Predictions.Values(new float[] {1, 2, 3}));
        assertThat(values.outputs().getFirst().column()).isEqualTo("prediction");
        assertThat(values.columns().getFirst().counts()).containsExactly(3, 0);
        Predictions three = new Predictions.Classes(List.of("a", "b", "c"), new float[9], new int[] {0, 2, 2});
        ReferenceProfile classes = Profiler.of(constant, three);
        assertThat(classes.outputs().getFirst())
                .isInstanceOfSatisfying(
                        ColumnProfile.Categorical.class,
                        label -> assertThat(label.categories()).containsExactly("c", "a"));
    }

    @Test
    void countsInPortions_asAtOnce() {
        DriftWindow portions = new DriftWindow(REFERENCE);
        for (int from = 0; from < 5000; from += 100) {
            Frame part = TRAINING.slice(from, from + 100);
            portions.add(part, Sample.predictions(part));
        }
        ReferenceProfile profile = portions.profile();
        assertThat(profile.rows()).isEqualTo(5000);
        for (int i = 0; i < 3; i++) {
            assertThat(profile.columns().get(i).counts())
                    .containsExactly(REFERENCE.columns().get(i).counts());
        }
    }

    @Test
    void survivesJson() {
        ReferenceProfile back = ReferenceProfile.fromJson(REFERENCE.toJson());
        assertThat(back.toJson()).isEqualTo(REFERENCE.toJson());
        assertThat(DriftDetector.compare(back, REFERENCE, DriftOptions.DEFAULT).largestPsi())
                .isZero();
        assertThatThrownBy(() -> ReferenceProfile.fromJson("{}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("reference profile: format");
    }
}
