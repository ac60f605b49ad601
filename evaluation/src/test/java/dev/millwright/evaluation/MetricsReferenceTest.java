package dev.millwright.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millwright.core.Labels;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Metrics, curves and calibration against scikit-learn; the answers are made by {@code src/test/scripts}. */
class MetricsReferenceTest {
    private final Map<String, Fixtures.Case> cases = Fixtures.cases();

    private Fixtures.Case of(String name) {
        return Objects.requireNonNull(cases.get(name), name);
    }

    @TestFactory
    Stream<DynamicTest> everyMetricEqualsTheReference() {
        return Fixtures.lines("metrics.tsv").stream()
                .map(line -> DynamicTest.dynamicTest(line[0] + " " + line[1], () -> {
                    Fixtures.Case rows = of(line[0]);
                    double expected = line[2].equals("nan") ? Double.NaN : Double.parseDouble(line[2]);
                    double actual = Metrics.load(line[1], rows.task()).compute(rows.labels(), rows.predictions());
                    if (Double.isNaN(expected)) {
                        assertThat(actual).isNaN();
                    } else {
                        // log_loss: scikit-learn takes logarithms in single precision
                        double tolerance = line[1].equals("log_loss") ? 1e-6 : 1e-12;
                        assertThat(actual).isCloseTo(expected, within(tolerance * Math.max(1, Math.abs(expected))));
                    }
                }));
    }

    @Test
    void theReferenceCoversEveryMetricThatExists() {
        List<String> covered =
                Fixtures.lines("metrics.tsv").stream().map(line -> line[1]).toList();
        for (Task task : Task.values()) {
            assertThat(covered).containsAll(Metrics.names(task));
        }
    }

    @TestFactory
    Stream<DynamicTest> everyCurveEqualsTheReference() {
        Map<String, List<CurvePoint>> expected = new LinkedHashMap<>();
        for (String[] line : Fixtures.lines("curves.tsv")) {
            expected.computeIfAbsent(line[0] + " " + line[1], name -> new ArrayList<>())
                    .add(new CurvePoint(
                            Double.parseDouble(line[2]),
                            Double.parseDouble(line[3]),
                            line[4].equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(line[4])));
        }
        return expected.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    String[] name = entry.getKey().split(" ");
                    assertSame(curve(of(name[0]), name[1]), entry.getValue());
                }));
    }

    private static List<CurvePoint> curve(Fixtures.Case rows, String name) {
        Classified classified = Classified.of(rows.labels(), rows.predictions());
        RankedScores ranked = classified.ranked(1);
        return switch (name) {
            case "roc" -> ranked.roc();
            case "precision_recall" -> ranked.precisionRecall();
            case "calibration" ->
                Calibration.of(classified.scores(1), classified.isClass(1)).bins().stream()
                        .map(bin -> new CurvePoint(bin.meanProbability(), bin.rate(), Double.POSITIVE_INFINITY))
                        .toList();
            default -> throw new AssertionError(name);
        };
    }

    private static void assertSame(List<CurvePoint> actual, List<CurvePoint> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).x())
                    .as("x of point %d", i)
                    .isCloseTo(expected.get(i).x(), within(1e-9));
            assertThat(actual.get(i).y())
                    .as("y of point %d", i)
                    .isCloseTo(expected.get(i).y(), within(1e-9));
            assertThat(actual.get(i).threshold()).isEqualTo(expected.get(i).threshold());
        }
    }

    @Test
    void countsMeanTheSameAsRepeatedRows() {
        for (Fixtures.Case rows : cases.values()) {
            int[] counts = new int[rows.labels().rows()];
            List<Integer> repeated = new ArrayList<>();
            for (int row = 0; row < counts.length; row++) {
                counts[row] = row % 3;
                repeated.addAll(Collections.nCopies(counts[row], row));
            }
            int[] indices = repeated.stream().mapToInt(Integer::intValue).toArray();
            Labels labels = rows.labels().select(indices);
            Predictions predictions = select(rows.predictions(), indices);
            for (MetricSpec metric : Metrics.of(rows.task())) {
                if (indices.length > 0) {
                    double byCounts = metric.definition()
                            .prepare(rows.labels(), rows.predictions())
                            .at(counts);
                    double byRows = metric.compute(labels, predictions);
                    if (metric.name().equals("mape") && Double.isNaN(byCounts)) {
                        continue; // undefined for the whole set when one truth is 0, also where that row is not drawn
                    }
                    assertThat(byCounts).as(rows.name() + " " + metric.name()).satisfies(value -> {
                        if (Double.isNaN(byRows)) {
                            assertThat(value).isNaN();
                        } else {
                            assertThat(value).isCloseTo(byRows, within(1e-9));
                        }
                    });
                }
            }
        }
    }

    private static Predictions select(Predictions predictions, int[] rows) {
        return switch (predictions) {
            case Predictions.Values values -> {
                float[] selected = new float[rows.length];
                for (int i = 0; i < rows.length; i++) {
                    selected[i] = values.values()[rows[i]];
                }
                yield new Predictions.Values(selected);
            }
            case Predictions.Classes classes -> {
                int size = classes.classes().size();
                float[] selected = new float[rows.length * size];
                int[] chosen = new int[rows.length];
                for (int i = 0; i < rows.length; i++) {
                    chosen[i] = classes.labels()[rows[i]];
                    System.arraycopy(classes.probabilities(), rows[i] * size, selected, i * size, size);
                }
                yield new Predictions.Classes(classes.classes(), selected, chosen);
            }
        };
    }
}
