package dev.millwright.web;

import static dev.millwright.web.SampleValues.NOW;
import static dev.millwright.web.SampleValues.ago;
import static dev.millwright.web.SampleValues.wave;

import dev.millwright.web.page.Badge;
import dev.millwright.web.page.DriftChart;
import dev.millwright.web.page.EndpointPage;
import dev.millwright.web.page.EndpointsPage;
import dev.millwright.web.page.Fact;
import dev.millwright.web.page.Figures;
import dev.millwright.web.page.Interval;
import dev.millwright.web.page.Moment;
import dev.millwright.web.page.MonitorPage;
import dev.millwright.web.page.OverviewPage;
import dev.millwright.web.page.PageHead;
import dev.millwright.web.page.RolloutPart;
import dev.millwright.web.page.RunRow;
import dev.millwright.web.page.Section;
import dev.millwright.web.page.Sparkline;
import dev.millwright.web.page.Tone;
import dev.millwright.web.page.TryAnswer;
import dev.millwright.web.page.VersionShare;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Endpoints: the list, one of them, and how it is watched. */
final class SampleEndpointPages {
    private final BiFunction<String, Section, PageHead> heads;

    SampleEndpointPages(BiFunction<String, Section, PageHead> heads) {
        this.heads = heads;
    }

    EndpointsPage endpoints() {
        return new EndpointsPage(heads.apply("Endpoints", Section.ENDPOINTS), cards());
    }

    static List<OverviewPage.EndpointCard> cards() {
        return List.of(
                new OverviewPage.EndpointCard(
                        "flight-delay",
                        new Badge("canary at 25 %", Tone.BUSY),
                        List.of(
                                new VersionShare("flight-delay", 3, "1.2.0", "canary", 0.25),
                                new VersionShare("flight-delay", 2, "1.1.0", "champion", 0.75)),
                        Optional.of(new OverviewPage.Traffic(143.2, 4.31, 0.0004, 43_021)),
                        new Badge("no drift", Tone.GOOD),
                        new Sparkline(wave(1, 60, 140), "requests a second")),
                new OverviewPage.EndpointCard(
                        "churn",
                        new Badge("healthy", Tone.GOOD),
                        List.of(new VersionShare("churn", 1, "1.0.0", "champion", 1)),
                        Optional.empty(),
                        new Badge("not watched yet", Tone.QUIET),
                        new Sparkline(List.of(), "no requests")),
                new OverviewPage.EndpointCard(
                        "card-fraud-eu-west-production",
                        new Badge("errors", Tone.BAD),
                        List.of(new VersionShare("card-fraud-eu-west-production", 17, "2.14.3", "champion", 1)),
                        Optional.of(new OverviewPage.Traffic(1_843, 112.4, 0.0312, 1_203_441)),
                        new Badge("drift in 3 columns", Tone.WARN),
                        new Sparkline(wave(2, 60, 1800), "requests a second")));
    }

    EndpointPage endpoint() {
        List<EndpointPage.TryField> fields = new ArrayList<>();
        for (String name : List.of("carrier", "dest", "origin")) {
            fields.add(new EndpointPage.TryField(name, false, name.equals("carrier") ? "UA" : "EWR"));
        }
        for (String name :
                List.of("distance", "hour", "visib", "wind_speed", "carrier_delay_7d", "carrier_flights_7d")) {
            fields.add(new EndpointPage.TryField(name, true, "14.96014"));
        }
        OverviewPage.EndpointCard card = cards().getFirst();
        return new EndpointPage(
                heads.apply("Endpoints", Section.ENDPOINTS),
                card,
                "Canary of 1.2.0 after drift in wind_speed; 1.1.0 is the champion.",
                ago(Duration.ofMinutes(11)),
                Optional.of(new RolloutPart(
                        "canary",
                        "stage 2 of 3",
                        List.of("5 %", "25 %", "100 %"),
                        1,
                        Optional.of(new Moment(NOW.plusSeconds(540), NOW)),
                        List.of("error_rate > 1%", "p99 > 50ms", "quality < champion"),
                        rolloutFigures())),
                List.of(
                        new EndpointPage.VersionTraffic(card.shares().get(0), 10_755, 4, 0.0004, 1.2, 4.31),
                        new EndpointPage.VersionTraffic(card.shares().get(1), 32_266, 11, 0.0003, 1.1, 4.02)),
                List.of(new EndpointPage.Backend(
                        "1.1.0", "http://10.0.0.5:8750", new Badge("ready", Tone.GOOD), 3, 16_100, 0.0003, 2.1)),
                Optional.of(new RunRow.VersionLink("flight-delay", 2, "1.1.0")),
                new EndpointPage.TryForm("flight-delay", fields, Optional.empty()),
                Optional.empty(),
                List.of(
                        new EndpointPage.Command(
                                "Open Inference Protocol",
                                "curl http://127.0.0.1:8080/v2/models/flight-delay/infer -d '{\"inputs\": [\n  {\"name\": \"carrier\", \"shape\": [1, 1], \"datatype\": \"BYTES\", \"data\": [\"UA\"]},\n  {\"name\": \"distance\", \"shape\": [1, 1], \"datatype\": \"FP32\", \"data\": [1400]}\n]}'"),
                        new EndpointPage.Command(
                                "MLflow",
                                "curl http://127.0.0.1:8080/endpoints/flight-delay/invocations -d '{\"dataframe_records\": [{\"carrier\": \"UA\", \"distance\": 1400}]}'"),
                        new EndpointPage.Command(
                                "Raw events, for which the feature view runs first",
                                "curl http://127.0.0.1:8080/endpoints/flight-delay/events -d '{\"tailnum\": \"N14228\", \"carrier\": \"UA\"}'")),
                List.of(new RolloutPart.Decision(
                        57,
                        ago(Duration.ofMinutes(11)),
                        "canary advanced",
                        "10755 requests at 5 % without a reason to turn back",
                        Optional.of(rolloutFigures()))),
                SampleRecordPages.lately().subList(0, 2),
                Optional.empty());
    }

    private static RolloutPart.FiguresTable rolloutFigures() {
        return new RolloutPart.FiguresTable(
                List.of(
                        new RolloutPart.Row(
                                "1.2.0",
                                10_755,
                                0.0004,
                                1.2,
                                4.31,
                                Optional.of(new RolloutPart.Quality(812, 0.8431, 0.812, 0.869))),
                        new RolloutPart.Row("1.1.0", 32_266, 0.0003, 1.1, 4.02, Optional.empty())),
                Optional.of("brier"),
                List.of(new Fact("Shift of answers", "PSI 0.014")));
    }

    static TryAnswer answer() {
        return new TryAnswer(
                "true",
                List.of(new TryAnswer.Bar("false", 0.3812, false), new TryAnswer.Bar("true", 0.6188, true)),
                "1.2.0",
                "0193a5c2-7b1e-7c3f-9a40-d1c2b3a49586-0",
                "1.4 ms",
                "");
    }

    MonitorPage monitor() {
        List<MonitorPage.DriftColumn> columns = new ArrayList<>();
        String[] names = {"wind_speed", "prediction", "carrier_delay_7d", "visib", "distance"};
        double[] levels = {0.21, 0.12, 0.08, 0.03, 0.01};
        for (int i = 0; i < names.length; i++) {
            DriftChart chart = drift(i, levels[i]);
            double latest = chart.points().getLast().value();
            columns.add(new MonitorPage.DriftColumn(
                    names[i],
                    new Badge("PSI " + Figures.plain(latest), latest > 0.2 ? Tone.BAD : Tone.GOOD),
                    (i == 1 ? "output" : "feature") + ", threshold 0.2, corrected p < 0.001",
                    chart));
        }
        return new MonitorPage(
                heads.apply("Endpoints", Section.ENDPOINTS),
                "flight-delay",
                new Badge("drift in 1 column", Tone.WARN),
                Optional.empty(),
                List.of(
                        new Fact("Predictions logged", "1 203 441"),
                        new Fact("Not logged for want of room", "0"),
                        new Fact("Labels received", "18 204"),
                        new Fact("Labels without a prediction", "12")),
                columns,
                Optional.of(new MonitorPage.Quality(
                        "average_precision",
                        new Interval(0.3712, 0.3533, 0.3894),
                        18_192,
                        0.35,
                        true,
                        new Badge("good", Tone.GOOD),
                        Optional.of(drift(9, 0.2)))),
                List.of(
                        new MonitorPage.AlertRow(
                                ago(Duration.ofMinutes(13)),
                                Optional.empty(),
                                "wind_speed",
                                "psi 0.31 over 0.2 in the last 5,000 predictions",
                                new Badge("open", Tone.WARN)),
                        new MonitorPage.AlertRow(
                                ago(Duration.ofDays(2)),
                                Optional.of(ago(Duration.ofDays(1))),
                                "quality",
                                "average_precision 0.331 under 0.35",
                                new Badge("closed", Tone.QUIET))));
    }

    private static DriftChart drift(int seed, double level) {
        List<DriftChart.Point> points = new ArrayList<>();
        List<Double> values = wave(seed, 24, level);
        for (int i = 0; i < values.size(); i++) {
            points.add(new DriftChart.Point(NOW.minus(Duration.ofHours(24L - i)), values.get(i) * (0.3 + i / 24.0)));
        }
        return new DriftChart(
                points, List.of(new DriftChart.Mark(points.get(9).time(), "1.1.0")), 0.2, DriftChart.Good.BELOW, "psi");
    }
}
