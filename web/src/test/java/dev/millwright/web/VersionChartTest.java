package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.web.page.VersionChart;
import dev.millwright.web.page.VersionChart.Point;
import dev.millwright.web.page.VersionChart.Tick;
import dev.millwright.web.page.VersionChart.Unit;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VersionChartTest {
    private static final char THIN = '\u202f';

    private static Point point(int version, double value, double most) {
        return new Point(
                version, Optional.of(value), Optional.empty(), Optional.of(most), value <= most, "found " + value);
    }

    private static VersionChart of(Unit unit, Point... points) {
        return new VersionChart(
                IntStream.rangeClosed(1, 4).boxed().toList(), List.of(points), unit, 4, "what is shown");
    }

    private static List<String> labels(List<Tick> ticks) {
        return ticks.stream().map(Tick::label).toList();
    }

    @Test
    void axes_endOnRoundNumbers_andHaveUnits() {
        assertThat(labels(of(Unit.ROWS, point(1, 137, 0)).ticks())).containsExactly("0", "100", "200");
        assertThat(labels(of(Unit.ROWS, point(1, 3_400_000, 0)).ticks()))
                .containsExactly("0" + THIN + "M", "2" + THIN + "M", "4" + THIN + "M");
        assertThat(labels(of(Unit.SHARE, point(1, 0.031, 0.05)).ticks()))
                .containsExactly("0.0" + THIN + "%", "2.5" + THIN + "%", "5.0" + THIN + "%");
        assertThat(labels(of(Unit.SECONDS, point(1, 100_000, 172_800)).ticks()))
                .containsExactly("0" + THIN + "d", "1" + THIN + "d", "2" + THIN + "d");
        assertThat(labels(of(Unit.NUMBER, point(1, 14.149, 14.3)).ticks())).containsExactly("14.1", "14.2", "14.3");
        assertThat(labels(of(Unit.NUMBER, point(1, -3, 4)).ticks())).containsExactly("−5", "0", "5");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1e300, -1e300", "5e-324, 0", "1e17, 1e17", "-1.7e308, 1.7e308", "1e15, 1000000000000001"})
    void numbersOfAnySize_areDrawnWithinTheChart(double value, double most) {
        VersionChart chart = of(Unit.NUMBER, point(1, value, most), point(2, value, most));
        assertThat(chart.ticks()).hasSizeBetween(2, 5);
        assertThat(chart.dots())
                .hasSize(2)
                .allSatisfy(dot -> assertThat(Double.parseDouble(dot.y()))
                        .isBetween((double) VersionChart.TOP, (double) VersionChart.GROUND));
        assertThat(chart.bounds() + chart.path()).doesNotContain("NaN", "Infinity");
    }

    @Test
    void aBoundIsDrawn_asLongAsItWasInForce() {
        VersionChart chart = of(Unit.NUMBER, point(1, 5, 10), point(2, 6, 10), point(3, 7, 8));
        assertThat(chart.bounds().chars().filter(letter -> letter == 'M').count())
                .as("lines: to 10, then to 8")
                .isEqualTo(2);
        assertThat(labels(chart.limits())).containsExactly("8");
        assertThat(of(Unit.ROWS, Point.free(1, 5, "5 rows")).bounds()).isEmpty();
    }

    @Test
    void theCurve_isBrokenWhereNothingWasMeasured_andThatIsMarked() {
        VersionChart chart = of(
                Unit.NUMBER,
                point(1, 5, 10),
                new Point(2, Optional.empty(), Optional.empty(), Optional.of(10.0), false, "no value"),
                point(3, 7, 10),
                point(4, 12, 10));
        assertThat(chart.path().chars().filter(letter -> letter == 'M').count()).isEqualTo(2);
        assertThat(chart.blanks())
                .singleElement()
                .satisfies(dot -> assertThat(dot.text()).isEqualTo("v2: no value"));
        assertThat(chart.dots()).extracting(VersionChart.Dot::passed).containsExactly(true, true, false);
    }

    @Test
    void aSingleVersion_standsInTheMiddle_withItsBoundAcross() {
        VersionChart chart = new VersionChart(List.of(7), List.of(point(7, 1, 2)), Unit.NUMBER, 7, "one");
        assertThat(chart.dots())
                .singleElement()
                .satisfies(dot -> assertThat(Double.parseDouble(dot.x()))
                        .isEqualTo((VersionChart.LEFT + VersionChart.RIGHT) / 2.0));
        assertThat(chart.bounds())
                .startsWith("M" + VersionChart.LEFT + ".0 ")
                .endsWith("H" + VersionChart.RIGHT + ".0");
        assertThat(labels(chart.names())).containsExactly("v7");
    }
}
