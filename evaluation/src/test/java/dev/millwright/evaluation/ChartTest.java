package dev.millwright.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChartTest {

    @Test
    void ticksAreRoundNumbers() {
        assertThat(labels(Axis.number("").fitted(0, 1))).containsExactly("0.0", "0.2", "0.4", "0.6", "0.8", "1.0");
        assertThat(labels(Axis.number("").fitted(-3, 17))).containsExactly("−5", "0", "5", "10", "15", "20");
        assertThat(labels(Axis.percent("").between(0, 1).fitted(0, 0)))
                .containsExactly("0\u00a0%", "20\u00a0%", "40\u00a0%", "60\u00a0%", "80\u00a0%", "100\u00a0%");
        assertThat(labels(Axis.number("").fitted(0, 250_000)))
                .containsExactly("0", "50k", "100k", "150k", "200k", "250k");
        assertThat(labels(Axis.number("").fitted(0, 0.004)))
                .containsExactly("0.000", "0.001", "0.002", "0.003", "0.004");
    }

    @Test
    void timesAreWrittenInUtc() {
        double noon = 1_767_268_800; // 2026-01-01T12:00:00Z
        assertThat(labels(Axis.time("").fitted(noon, noon + 4 * 3_600)))
                .containsExactly("12:00", "13:00", "14:00", "15:00", "16:00");
        assertThat(labels(Axis.time("").fitted(noon, noon + 3 * 86_400))).containsExactly("2 Jan", "3 Jan", "4 Jan");
    }

    @Test
    void anAxisWithoutDataOrWithOneValueStillHasALength() {
        for (Axis axis : List.of(
                Axis.number("").fitted(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY),
                Axis.number("").fitted(3, 3),
                Axis.number("").fitted(0, 0),
                Axis.number("").startingAt(0).fitted(0, 0),
                Axis.number("").fitted(1e12, 1e12),
                Axis.time("").fitted(5, 5))) {
            assertThat(axis.to()).isGreaterThan(axis.from());
            assertThat(axis.ticks()).hasSizeLessThan(20);
        }
    }

    @Test
    void aLineBreaksWhereAValueIsMissing() {
        Chart chart = new Chart(
                "drift",
                Axis.number("day"),
                Axis.number("PSI"),
                List.of(new Mark.Line(
                        List.of(
                                new Mark.Point(0, 0.1),
                                new Mark.Point(1, Double.NaN),
                                new Mark.Point(2, 0.2),
                                new Mark.Point(3, 0.3)),
                        Mark.Path.STEP,
                        Mark.Tone.ACCENT,
                        "age")));
        String path = chart.svg().replaceAll(".* d=\"([^\"]*)\".*", "$1");
        assertThat(path).matches("M[^MHVL]+M[^MHVL]+H[^MHVL]+V[^MHVL]+");
        assertThat(chart.svg()).doesNotContain("NaN").contains(">age</text>");
    }

    @Test
    void labelsOfLinesThatEndTogetherDoNotOverlap() {
        List<Mark> marks = Stream.of("a", "b", "c")
                .<Mark>map(name -> new Mark.Line(
                        List.of(new Mark.Point(0, 0), new Mark.Point(1, 0)),
                        Mark.Path.STRAIGHT,
                        Mark.Tone.ACCENT,
                        name))
                .toList();
        String svg = new Chart("together", Axis.number("x"), Axis.number("y").between(0, 1), marks).svg();
        List<Double> heights = List.of("a", "b", "c").stream()
                .map(name -> Double.parseDouble(svg.replaceAll("(?s).* y=\"([0-9.]+)\">" + name + "</text>.*", "$1")))
                .toList();
        assertThat(heights.get(1) - heights.get(0)).isGreaterThanOrEqualTo(13);
        assertThat(heights.get(2) - heights.get(1)).isGreaterThanOrEqualTo(13);
        assertThat(heights.get(2)).isLessThanOrEqualTo(250);
    }

    @Test
    void numbersAreWrittenForPeople() {
        assertThat(Figures.score(0.812345)).isEqualTo("0.8123");
        assertThat(Figures.score(-12.3456)).isEqualTo("−12.346");
        assertThat(Figures.score(1_234_567.8)).isEqualTo("1,234,568");
        assertThat(Figures.score(0.0000123)).isEqualTo("0.000012");
        assertThat(Figures.score(0)).isEqualTo("0.0000");
        assertThat(Figures.score(Double.NaN)).isEqualTo("undefined");
        assertThat(Figures.percent(0.2654)).isEqualTo("26.5\u00a0%");
        assertThat(Figures.percent(0.00154)).isEqualTo("0.15\u00a0%");
        assertThat(Figures.interval(Double.NaN, 1)).isEmpty();
    }

    @Test
    void markdownTextKeepsToItsCell() {
        assertThat(Markup.escapeMarkdown("a|b\n# <b> `c` & *d*")).isEqualTo("a\\|b \\# &lt;b\\> \\`c\\` &amp; \\*d\\*");
    }

    private static List<String> labels(Axis axis) {
        return axis.ticks().stream().map(Axis.Tick::label).toList();
    }
}
