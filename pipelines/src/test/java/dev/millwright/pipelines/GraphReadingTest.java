package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import dev.millwright.serving.PlainGraph.Maps;
import dev.millwright.serving.PlainGraph.Names;
import dev.millwright.serving.PlainGraph.Numbers;
import dev.millwright.serving.PlainGraph.Other;
import dev.millwright.serving.PlainGraph.Output;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphReadingTest {
    private static final Numbers TWO = new Numbers("probabilities", 2, new float[] {0.9f, 0.1f, 0.2f, 0.8f});
    private static final Numbers THREE =
            new Numbers("probabilities", 3, new float[] {0.8f, 0.1f, 0.1f, 0.1f, 0.2f, 0.7f});

    private static Names labels(String... labels) {
        return new Names("label", labels);
    }

    private static Predictions.Classes classes(GraphReading reading) {
        return (Predictions.Classes) reading.expected();
    }

    @Test
    void oneNumberARow_isARegression() {
        GraphReading reading =
                GraphReading.of(List.of(new Numbers("variable", 1, new float[] {1, -2})), List.of(List.of("0", "1")));

        assertThat(reading.task()).isEqualTo(Task.REGRESSION);
        assertThat(reading.classes()).isEmpty();
        assertThat(((Predictions.Values) reading.expected()).values()).containsExactly(1, -2);
    }

    @Test
    void takesTheClassesThatTheGraphNames_whenItsLabelsAgree() {
        GraphReading reading = GraphReading.of(
                List.of(labels("no", "yes"), TWO), List.of(List.of("x", "y", "z"), List.of("no", "yes")));

        assertThat(reading.task()).isEqualTo(Task.BINARY);
        assertThat(reading.classes()).containsExactly("no", "yes");
        assertThat(classes(reading).labels()).containsExactly(0, 1);
        assertThat(classes(reading).probabilities()).containsExactly(TWO.values());
    }

    @Test
    void passesOverListsWithWhichItsLabelsDisagree() {
        GraphReading reading = GraphReading.of(
                List.of(labels("a", "b"), THREE),
                List.of(List.of("b", "a", "c"), List.of("a", "c", "b"), List.of("a", "b", "c")));

        assertThat(reading.classes()).containsExactly("a", "c", "b");
        assertThat(reading.task()).isEqualTo(Task.MULTICLASS);
    }

    @Test
    void numbersAreClasses_whereTheGraphNamesNone() {
        assertThat(GraphReading.of(List.of(labels("0", "2"), THREE), List.of()).classes())
                .containsExactly("0", "1", "2");
        assertThat(GraphReading.of(List.of(labels("false", "true"), TWO), List.of())
                        .classes())
                .containsExactly("false", "true");
    }

    @Test
    void theProbabilityOfTheSecondClassAlone_isEnough() {
        GraphReading reading = GraphReading.of(
                List.of(labels("0", "1"), new Numbers("probabilities", 1, new float[] {0.25f, 0.75f})), List.of());

        assertThat(classes(reading).probabilities()).containsExactly(0.75f, 0.25f, 0.25f, 0.75f);
        assertThat(classes(reading).labels()).containsExactly(0, 1);
    }

    @Test
    void probabilitiesAlone_areAClassifier_whoseLabelIsTheLikeliest() {
        GraphReading reading = GraphReading.of(List.of(THREE), List.of());

        assertThat(reading.task()).isEqualTo(Task.MULTICLASS);
        assertThat(classes(reading).labels()).containsExactly(0, 2);
    }

    @Test
    void mapsNameTheirClasses_numbersInTheirOrder() {
        GraphReading reading = GraphReading.of(
                List.of(
                        labels("2", "10"),
                        new Maps(
                                "output_probability",
                                List.of(Map.of("10", 0.1f, "2", 0.9f), Map.of("10", 0.8f, "2", 0.2f)))),
                List.of());

        assertThat(reading.classes()).containsExactly("2", "10");
        assertThat(classes(reading).probabilities()).containsExactly(0.9f, 0.1f, 0.2f, 0.8f);
    }

    @Test
    void refusesWhatCanNotBeServed_sayingWhichOutputIsTheTrouble() {
        assertRefused(
                "several outputs of numbers", new Numbers("a", 2, new float[2]), new Numbers("b", 2, new float[2]));
        assertRefused("no output of numbers: label is a label a row", labels("a"));
        assertRefused("no output of numbers: boxes is 4-D", new Other("boxes", "4-D"));
        assertRefused("output scores: [-3.0, 4.0]", labels("0"), new Numbers("scores", 2, new float[] {-3, 4}));
        assertRefused("output y: NaN", new Numbers("y", 1, new float[] {Float.NaN}));
        assertRefused("output p: [NaN, NaN]", new Numbers("p", 2, new float[] {Float.NaN, Float.NaN}));
        assertRefused("belongs to which label is not known", labels("north", "south"), TWO);
        assertThatThrownBy(() -> GraphReading.of(List.of(labels("a")), List.of()))
                .hasMessageContaining("options={\"zipmap\": False}");
    }

    private static void assertRefused(String message, Output... outputs) {
        assertThatThrownBy(() -> GraphReading.of(List.of(outputs), List.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }
}
