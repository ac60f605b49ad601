package dev.millwright.web;

import static dev.millwright.web.SampleValues.RUN;
import static dev.millwright.web.SampleValues.ago;

import dev.millwright.web.page.Badge;
import dev.millwright.web.page.DatasetPage;
import dev.millwright.web.page.DatasetsPage;
import dev.millwright.web.page.Fact;
import dev.millwright.web.page.Link;
import dev.millwright.web.page.PageHead;
import dev.millwright.web.page.Section;
import dev.millwright.web.page.Tone;
import dev.millwright.web.page.VersionChart;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** Datasets: the list, and one of them. */
final class SampleDatasetPages {
    private static final Badge MET = new Badge("met", Tone.GOOD);
    private static final Badge BROKEN = new Badge("1 of 2 not met", Tone.WARN);
    private static final List<Integer> VERSIONS =
            IntStream.rangeClosed(1, 6).boxed().toList();

    private final BiFunction<String, Section, PageHead> heads;

    SampleDatasetPages(BiFunction<String, Section, PageHead> heads) {
        this.heads = heads;
    }

    DatasetsPage datasets() {
        return new DatasetsPage(
                heads.apply("Datasets", Section.DATASETS),
                List.of(
                        new DatasetsPage.DatasetRow(
                                "flights", 6, 19, 336_776, 1_204, BROKEN, ago(Duration.ofMinutes(11))),
                        new DatasetsPage.DatasetRow(
                                "weather",
                                1,
                                15,
                                26_115,
                                0,
                                new Badge("nothing expected", Tone.QUIET),
                                ago(Duration.ofDays(3)))));
    }

    DatasetPage dataset() {
        return dataset("flights", "missing(dep_delay) <= 2.5%", "dep_delay", "carrier is not null");
    }

    /** The same with texts that somebody else chose. */
    DatasetPage dataset(String name, String check, String column, String reason) {
        return new DatasetPage(
                heads.apply(name, Section.DATASETS),
                name,
                VERSIONS.reversed().stream().map(SampleDatasetPages::row).toList(),
                Optional.empty(),
                version(column, reason),
                chart(VersionChart.Unit.ROWS, 56_000, Optional.empty(), "Rows by version"),
                chart(VersionChart.Unit.SHARE, 0.0035, Optional.empty(), "Set aside by version"),
                List.of(card(check, true), card("avg(distance) between 800 and 1200", false)),
                Optional.of(new DatasetPage.ExpectationDetail(
                        check,
                        "/datasets/flights",
                        chart(VersionChart.Unit.SHARE, 0.0045, Optional.of(0.025), check),
                        List.of(new DatasetPage.Finding(
                                6, "/datasets/flights?version=6", "2.7%", check, BROKEN, List.of(reason))))));
    }

    private static DatasetPage.VersionRow row(int version) {
        return new DatasetPage.VersionRow(
                version,
                "/datasets/flights?version=" + version,
                version == 6,
                version == 2 ? List.of("audited") : List.of(),
                56_000L * version,
                200L * version,
                version == 6 ? BROKEN : MET,
                2,
                List.of(new Link("flight-delay 1.0." + version, "/models/flight-delay/versions/" + version)),
                ago(Duration.ofHours(24L * (7 - version))));
    }

    private static DatasetPage.Version version(String column, String reason) {
        return new DatasetPage.Version(
                6,
                BROKEN,
                Optional.empty(),
                List.of(new Fact("Rows", "336,776 of 337,980 read"), new Fact("Iceberg snapshot", "812763498126123")),
                List.of(
                        new DatasetPage.ColumnRow(column, "double", List.of("unit: min", column + " >= -120"), column),
                        new DatasetPage.ColumnRow("carrier", "varchar", List.of(), "")),
                List.of(new DatasetPage.Reason(reason, 1_204)),
                List.of(new DatasetPage.QuarantinedRow(reason, reason, 17_233, reason)),
                1_204,
                List.of(RUN),
                3,
                List.of(new Link("flight-delay 1.0.6", "/models/flight-delay/versions/6")));
    }

    private static DatasetPage.ExpectationCard card(String check, boolean chosen) {
        return new DatasetPage.ExpectationCard(
                check,
                "/datasets/flights?expectation=1",
                chosen,
                chosen ? BROKEN : MET,
                "2.7% in v6",
                "only warns",
                chart(VersionChart.Unit.SHARE, 0.0045, Optional.of(0.025), check));
    }

    private static VersionChart chart(VersionChart.Unit unit, double growth, Optional<Double> most, String label) {
        return new VersionChart(
                VERSIONS,
                VERSIONS.stream()
                        .map(version -> new VersionChart.Point(
                                version,
                                version == 4 ? Optional.empty() : Optional.of(version * growth),
                                Optional.empty(),
                                most,
                                most.map(bound -> version * growth <= bound).orElse(true),
                                label))
                        .toList(),
                unit,
                6,
                label);
    }
}
