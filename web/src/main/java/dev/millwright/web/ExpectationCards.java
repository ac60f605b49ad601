package dev.millwright.web;

import dev.millwright.core.MillwrightException;
import dev.millwright.core.Words;
import dev.millwright.data.Measure;
import dev.millwright.data.Measurement;
import dev.millwright.pipelines.ExpectationHistory;
import dev.millwright.pipelines.ExpectationHistory.Line;
import dev.millwright.pipelines.ExpectationHistory.Point;
import dev.millwright.registry.RegistryError;
import dev.millwright.web.page.Badge;
import dev.millwright.web.page.DatasetAddress;
import dev.millwright.web.page.DatasetPage;
import dev.millwright.web.page.Tone;
import dev.millwright.web.page.VersionChart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The expectations on a dataset over its versions.
 *
 * @param versions that charts have room for, oldest first
 * @param version the one that is looked at
 * @param address of the page
 */
record ExpectationCards(ExpectationHistory history, List<Integer> versions, int version, DatasetAddress address) {
    private static final String ANCHOR = "#expectation";

    List<DatasetPage.ExpectationCard> all() {
        return history.expectations().stream().map(this::card).toList();
    }

    private DatasetPage.ExpectationCard card(Line line) {
        Optional<Point> found = line.in(version);
        return new DatasetPage.ExpectationCard(
                line.check(),
                address.expectation(Optional.of(key(line))).href() + ANCHOR,
                address.expectation().filter(key(line)::equals).isPresent(),
                found.map(ExpectationCards::state).orElse(new Badge("not checked", Tone.QUIET)),
                found.map(point -> shown(line, point) + " in v" + version).orElse("not checked in v" + version),
                severity(line),
                chart(line));
    }

    /** What an address calls it: its measure, so that it stays good when a bound changes; the check where two have one measure. */
    private String key(Line line) {
        boolean alone = history.expectations().stream()
                        .filter(other -> other.measure().equals(line.measure()))
                        .count()
                == 1;
        return alone ? line.measure() : line.check();
    }

    private static String severity(Line line) {
        return switch (line.severity()) {
            case FAIL -> "refuses the data";
            case QUARANTINE -> "sets rows aside";
            case WARN -> "only warns";
        };
    }

    private static Badge state(Point point) {
        return point.passed() ? new Badge("met", Tone.GOOD) : new Badge("not met", Tone.WARN);
    }

    private static String shown(Line line, Point point) {
        Double value = point.value();
        return value == null ? "no value" : Measurement.shown(value, line.unit());
    }

    private VersionChart chart(Line line) {
        return new VersionChart(
                versions,
                line.points().stream().map(point -> point(line, point)).toList(),
                unit(line.unit()),
                version,
                line.check() + ", by version");
    }

    private static VersionChart.Point point(Line line, Point point) {
        return new VersionChart.Point(
                point.version(),
                Optional.ofNullable(point.value()),
                Optional.ofNullable(point.least()),
                Optional.ofNullable(point.most()),
                point.passed(),
                shown(line, point) + ", " + state(point).label());
    }

    private static VersionChart.Unit unit(Measure.Unit unit) {
        return switch (unit) {
            case ROWS -> VersionChart.Unit.ROWS;
            case SHARE -> VersionChart.Unit.SHARE;
            case NUMBER -> VersionChart.Unit.NUMBER;
            case SECONDS -> VersionChart.Unit.SECONDS;
        };
    }

    /**
     * The one that the address names.
     *
     * @throws MillwrightException when there is no such expectation
     */
    Optional<DatasetPage.ExpectationDetail> detail() {
        return address.expectation()
                .map(this::load)
                .map(line -> new DatasetPage.ExpectationDetail(
                        line.check(),
                        address.expectation(Optional.empty()).href(),
                        chart(line),
                        line.points().reversed().stream()
                                .filter(point -> versions.contains(point.version()))
                                .map(point -> finding(line, point))
                                .toList()));
    }

    private Line load(String wanted) {
        return history.expectations().stream()
                .filter(line -> key(line).equals(wanted))
                .findFirst()
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_FOUND,
                        "expectation: " + wanted + " (expected: one of " + history.dataset() + ")."
                                + Words.suggestion(
                                        wanted,
                                        history.expectations().stream()
                                                .map(this::key)
                                                .toList())));
    }

    private DatasetPage.Finding finding(Line line, Point point) {
        List<String> notes = new ArrayList<>(point.examples());
        if (!point.note().isEmpty()) {
            notes.addFirst(point.note());
        }
        return new DatasetPage.Finding(
                point.version(),
                address.version(point.version()).href() + ANCHOR,
                shown(line, point),
                point.check(),
                state(point),
                notes);
    }
}
