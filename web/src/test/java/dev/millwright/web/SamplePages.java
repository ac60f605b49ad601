package dev.millwright.web;

import dev.millwright.web.page.Badge;
import dev.millwright.web.page.ComparePage;
import dev.millwright.web.page.CurveChoice;
import dev.millwright.web.page.DriftChart;
import dev.millwright.web.page.EndpointPage;
import dev.millwright.web.page.EndpointsPage;
import dev.millwright.web.page.EventsPage;
import dev.millwright.web.page.Fact;
import dev.millwright.web.page.Figures;
import dev.millwright.web.page.FileBrowser;
import dev.millwright.web.page.FilePreview;
import dev.millwright.web.page.FileTree;
import dev.millwright.web.page.Happening;
import dev.millwright.web.page.Interval;
import dev.millwright.web.page.Link;
import dev.millwright.web.page.LoggedThings;
import dev.millwright.web.page.ModelPage;
import dev.millwright.web.page.ModelVersionPage;
import dev.millwright.web.page.ModelsPage;
import dev.millwright.web.page.Moment;
import dev.millwright.web.page.MonitorPage;
import dev.millwright.web.page.OverviewPage;
import dev.millwright.web.page.PageHead;
import dev.millwright.web.page.RolloutPart;
import dev.millwright.web.page.RunColumn;
import dev.millwright.web.page.RunLine;
import dev.millwright.web.page.RunMark;
import dev.millwright.web.page.RunPage;
import dev.millwright.web.page.RunQuery;
import dev.millwright.web.page.RunRow;
import dev.millwright.web.page.RunsPage;
import dev.millwright.web.page.Section;
import dev.millwright.web.page.Sparkline;
import dev.millwright.web.page.StepList;
import dev.millwright.web.page.TimelinePage;
import dev.millwright.web.page.Tone;
import dev.millwright.web.page.TryAnswer;
import dev.millwright.web.page.ValueTable;
import dev.millwright.web.page.VersionShare;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** Every page with values of realistic length, to look at and to test templates with. */
final class SamplePages {
    static final Instant NOW = Instant.parse("2026-11-21T14:03:07Z");
    private static final String RUN = "0193a5c27b1e7c3f9a40d1c2b3a49586";
    private static final String OTHER_RUN = "0193a49f0d117f7ab1c2d3e4f5061728";

    private final BiFunction<String, Section, PageHead> heads;

    SamplePages(BiFunction<String, Section, PageHead> heads) {
        this.heads = heads;
    }

    /** Address → template and what it shows. */
    Map<String, Page> all() {
        Map<String, Page> pages = new LinkedHashMap<>();
        pages.put("/", new Page("overview", overview()));
        pages.put("/new", new Page("overview", new OverviewPage(head("Overview"), List.of(), List.of(), List.of())));
        pages.put("/runs", new Page("runs", runs()));
        pages.put("/runs/compare", new Page("compare", compare()));
        pages.put("/runs/" + RUN, new Page("run", run()));
        pages.put("/models", new Page("models", models()));
        pages.put("/models/flight-delay", new Page("model", model()));
        pages.put("/models/flight-delay/versions/3", new Page("modelVersion", modelVersion()));
        pages.put("/endpoints", new Page("endpoints", new EndpointsPage(head("Endpoints"), cards())));
        pages.put("/endpoints/flight-delay", new Page("endpoint", endpoint()));
        pages.put("/endpoints/flight-delay/monitor", new Page("monitor", monitor()));
        pages.put("/timeline", new Page("timeline", timeline()));
        pages.put("/events", new Page("events", events()));
        return pages;
    }

    record Page(String template, Object content) {}

    private PageHead head(String title) {
        Section section = switch (title) {
            case "Overview" -> Section.OVERVIEW;
            case "Runs", "Compare", "flight-delay run" -> Section.RUNS;
            case "Models" -> Section.MODELS;
            case "Endpoints" -> Section.ENDPOINTS;
            case "Timeline" -> Section.TIMELINE;
            default -> Section.EVENTS;
        };
        return heads.apply(title, section);
    }

    private static Moment ago(Duration duration) {
        return new Moment(NOW.minus(duration), NOW);
    }

    private static List<Double> wave(int seed, int count, double level) {
        Random random = new Random(seed);
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(level * (1 + 0.35 * Math.sin(i / 7.0) + 0.25 * random.nextDouble()));
        }
        return values;
    }

    List<OverviewPage.EndpointCard> cards() {
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

    private List<Happening> lately() {
        return List.of(
                new Happening(
                        ago(Duration.ofSeconds(42)),
                        Tone.BUSY,
                        "flight-delay: canary 1.2.0 went from 5 % to 25 %",
                        "error rate 0.04 %, p99 4.3 ms, no shift in the output after 1,204 requests",
                        Optional.of("/endpoints/flight-delay")),
                new Happening(
                        ago(Duration.ofMinutes(11)),
                        Tone.GOOD,
                        "flight-delay 1.2.0 passed its gates",
                        "average_precision 0.4312 ≥ 0.40; better than champion 1.1.0 by 0.0121 (95 % interval 0.0043 to 0.0198)",
                        Optional.of("/models/flight-delay/versions/3")),
                new Happening(
                        ago(Duration.ofMinutes(13)),
                        Tone.WARN,
                        "card-fraud-eu-west-production: drift in amount_over_card_mean_7d",
                        "psi 0.31 over the threshold 0.2 in the last 5,000 predictions",
                        Optional.of("/endpoints/card-fraud-eu-west-production/monitor")),
                new Happening(
                        ago(Duration.ofHours(5)),
                        Tone.BAD,
                        "Run of churn failed",
                        "gate: roc_auc 0.8123 (expected: ≥ 0.83)",
                        Optional.of("/runs/" + OTHER_RUN)));
    }

    OverviewPage overview() {
        return new OverviewPage(
                head("Overview"),
                cards(),
                List.of(new OverviewPage.Running(rows().getFirst(), "train xgboost", 3, 8)),
                lately());
    }

    private List<RunRow> rows() {
        List<RunRow> rows = new ArrayList<>();
        rows.add(new RunRow(
                RUN,
                "flight-delay",
                "flight-delay",
                new Badge("running", Tone.BUSY),
                ago(Duration.ofSeconds(38)),
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty()));
        rows.add(new RunRow(
                OTHER_RUN,
                "churn",
                "churn",
                new Badge("gate refused", Tone.WARN),
                ago(Duration.ofHours(5)),
                Optional.of(12.4),
                "average_precision",
                Optional.of(0.6512),
                Optional.of(new RunRow.VersionLink("churn", 1, "1.0.0"))));
        for (int i = 0; i < 9; i++) {
            rows.add(new RunRow(
                    String.format("0193a%d7b1e7c3f9a40d1c2b3a49%03d", 100 - i, i),
                    i % 3 == 0 ? "card-fraud-eu-west-production" : "flight-delay",
                    "flight-delay",
                    new Badge(i == 4 ? "failed" : "done", i == 4 ? Tone.BAD : Tone.GOOD),
                    ago(Duration.ofHours(20L + 31L * i)),
                    Optional.of(41.2 + 17 * i),
                    i % 3 == 0 ? "average_precision" : "rmse",
                    Optional.of(i % 3 == 0 ? 0.4312 - i / 100.0 : 1234.5 + i),
                    Optional.of(new RunRow.VersionLink("flight-delay", i, "1." + i + ".0"))));
        }
        return rows;
    }

    private RunsPage runs() {
        return new RunsPage(
                head("Runs"),
                RunQuery.ALL,
                new RunsPage.Choices(
                        List.of(
                                new RunsPage.ExperimentChoice("0", "Default"),
                                new RunsPage.ExperimentChoice("1", "flights")),
                        List.of("card-fraud-eu-west-production", "churn", "flight-delay"),
                        List.of("running", "finished", "failed"),
                        List.of("pipeline", "trial"),
                        List.of(RunColumn.parse("metrics.rmse"), RunColumn.parse("params.depth"))),
                rows().stream()
                        .map(row -> new RunLine(row, List.of(), row.name().length() % 3, 0, Optional.empty()))
                        .toList(),
                List.of(),
                Optional.empty(),
                Optional.of("/runs?after=x"));
    }

    private ComparePage compare() {
        List<RunRow> rows = rows().subList(1, 4);
        List<RunMark> runs = IntStream.range(0, rows.size())
                .mapToObj(i -> new RunMark(
                        rows.get(i).id(),
                        rows.get(i).name(),
                        i,
                        rows.get(i).status(),
                        rows.get(i).started()))
                .toList();
        return new ComparePage(
                head("Compare"),
                ComparePage.View.PARAMS,
                runs,
                new CurveChoice(List.of(), "", "step", "linear", 0),
                ValueTable.NONE,
                new ComparePage.ValueChoice(Set.of(), "", "", "", Set.of()),
                List.of(
                        new ComparePage.MetricLine(
                                "average_precision",
                                ComparePage.Better.HIGHER,
                                List.of(
                                        Optional.of(new Interval(0.4192, 0.4103, 0.4281)),
                                        Optional.of(new Interval(0.4312, 0.4221, 0.4402)),
                                        Optional.empty())),
                        new ComparePage.MetricLine(
                                "roc_auc",
                                ComparePage.Better.HIGHER,
                                List.of(
                                        Optional.of(new Interval(0.7012, 0.6953, 0.7071)),
                                        Optional.of(new Interval(0.7132, 0.7071, 0.7191)),
                                        Optional.of(Interval.of(0.5)))),
                        new ComparePage.MetricLine(
                                "log_loss",
                                ComparePage.Better.LOWER,
                                List.of(
                                        Optional.of(Interval.of(0.4721)),
                                        Optional.of(Interval.of(0.4623)),
                                        Optional.of(Interval.of(0.69))))),
                List.of(
                        new ComparePage.ParamLine("learner", List.of("logistic_regression", "xgboost", "constant")),
                        new ComparePage.ParamLine("xgboost.max_depth", List.of("", "6", "")),
                        new ComparePage.ParamLine("split", List.of("time", "time", "time")),
                        new ComparePage.ParamLine("seed", List.of("42", "42", "42"))));
    }

    StepList steps() {
        Badge done = new Badge("done", Tone.GOOD);
        return new StepList(
                RUN,
                true,
                new Badge("running", Tone.BUSY),
                List.of(
                        new StepList.StepRow(
                                1,
                                "ingest flights",
                                done,
                                Optional.of(3.21),
                                false,
                                "336,776 rows, 0 quarantined",
                                Optional.empty(),
                                List.of(
                                        new StepList.Output("snapshot", "5937117119577207079"),
                                        new StepList.Output("files", "1"))),
                        new StepList.StepRow(
                                2,
                                "ingest weather",
                                done,
                                Optional.of(0.42),
                                true,
                                "26,115 rows, 3 quarantined",
                                Optional.empty(),
                                List.of()),
                        new StepList.StepRow(
                                3,
                                "features",
                                done,
                                Optional.of(8.91),
                                false,
                                "328,521 rows × 17 columns; 8,255 rows without a label left out",
                                Optional.empty(),
                                List.of()),
                        new StepList.StepRow(
                                4,
                                "train",
                                new Badge("running", Tone.BUSY),
                                Optional.empty(),
                                false,
                                "",
                                Optional.of(new StepList.Work("trees of xgboost", 137, 400)),
                                List.of()),
                        new StepList.StepRow(
                                5,
                                "evaluate",
                                new Badge("waiting", Tone.QUIET),
                                Optional.empty(),
                                false,
                                "",
                                Optional.empty(),
                                List.of()),
                        new StepList.StepRow(
                                6,
                                "register",
                                new Badge("waiting", Tone.QUIET),
                                Optional.empty(),
                                false,
                                "",
                                Optional.empty(),
                                List.of()),
                        new StepList.StepRow(
                                7,
                                "deploy",
                                new Badge("waiting", Tone.QUIET),
                                Optional.empty(),
                                false,
                                "",
                                Optional.empty(),
                                List.of())),
                8,
                Optional.empty());
    }

    private static RunPage.MetricTable metrics() {
        return new RunPage.MetricTable(
                List.of("Test", "Validation"),
                List.of(
                        new RunPage.MetricLine(
                                "average_precision",
                                List.of(
                                        Optional.of(new Interval(0.4312, 0.4221, 0.4402)),
                                        Optional.of(Interval.of(0.4401)))),
                        new RunPage.MetricLine(
                                "roc_auc",
                                List.of(Optional.of(new Interval(0.7132, 0.7071, 0.7191)), Optional.empty()))));
    }

    RunPage run() {
        return new RunPage(
                head("flight-delay run"),
                rows().getFirst(),
                steps(),
                metrics(),
                new CurveChoice(List.of("validation_log_loss"), "validation_log_loss", "step", "linear", 0),
                List.of(new Fact("learner", "xgboost"), new Fact("max_depth", "6"), new Fact("learning_rate", "0.1")),
                List.of(new Fact("Experiment", "flight-delay"), new Fact("Started by", "trigger: drift in wind_speed")),
                new LoggedThings(
                        "Second try, with the weather.",
                        List.of(new Fact("team", "ground")),
                        List.of(new LoggedThings.DataRow("flights", "5f0a2c1b", "http", "training")),
                        List.of(new LoggedThings.ModelRow(
                                "m-3b8d1f3c58f5437f9c0a6a1c3f1a9d10",
                                "model",
                                new Badge("ready", Tone.GOOD),
                                List.of(new RunRow.VersionLink("flight-delay", 3, "1.2.0"))))),
                List.of(
                        new RunPage.DatasetRow("flights", 3, 336_776, 0),
                        new RunPage.DatasetRow("weather", 1, 26_115, 3)),
                rows().subList(1, 3),
                files("report.html", 412_331),
                Optional.of(
                        "pipeline: flight-delay\n\ndata:\n  flights:\n    from: ${DATA}/nycflights13/flights.parquet\n"));
    }

    private ModelsPage models() {
        return new ModelsPage(
                head("Models"),
                List.of(
                        new ModelsPage.ModelRow(
                                "flight-delay",
                                "binary",
                                3,
                                Optional.of(new RunRow.VersionLink("flight-delay", 2, "1.1.0")),
                                ago(Duration.ofMinutes(11)),
                                List.of(new Link("flight-delay", "/endpoints/flight-delay"))),
                        new ModelsPage.ModelRow(
                                "churn", "binary", 1, Optional.empty(), ago(Duration.ofDays(3)), List.of())));
    }

    private static ModelPage.VersionRow version(int number, String name, List<String> aliases, double metric) {
        return new ModelPage.VersionRow(
                "flight-delay",
                number,
                name,
                aliases,
                new Badge(number == 1 ? "archived" : "serves", number == 1 ? Tone.QUIET : Tone.GOOD),
                ago(Duration.ofHours(30L * (4 - number))),
                Optional.of(new Interval(metric, metric - 0.009, metric + 0.009)),
                Optional.of(RUN));
    }

    private ModelPage model() {
        return new ModelPage(
                head("Models"),
                "flight-delay",
                "binary",
                "average_precision",
                List.of(
                        version(3, "1.2.0", List.of("challenger"), 0.4312),
                        version(2, "1.1.0", List.of("champion"), 0.4192),
                        version(1, "1.0.0", List.of(), 0.3981)),
                List.of(new Link("flight-delay", "/endpoints/flight-delay")));
    }

    private ModelVersionPage modelVersion() {
        List<ModelVersionPage.InputRow> inputs = new ArrayList<>();
        for (String name : List.of(
                "carrier",
                "dest",
                "origin",
                "distance",
                "hour",
                "visib",
                "wind_speed",
                "carrier_delay_7d",
                "carrier_flights_7d",
                "plane_age")) {
            inputs.add(new ModelVersionPage.InputRow(name, name.length() < 7 ? "text" : "number", "flights." + name));
        }
        return new ModelVersionPage(
                head("Models"),
                version(3, "1.2.0", List.of("challenger"), 0.4312),
                "binary",
                metrics(),
                inputs,
                List.of("false", "true"),
                Optional.of(0.5),
                List.of(
                        new ModelVersionPage.Lineage(
                                "Data",
                                List.of(
                                        new ModelVersionPage.Item(
                                                "flights v3", "336,776 rows", Optional.empty(), false),
                                        new ModelVersionPage.Item(
                                                "weather v1", "26,112 rows", Optional.empty(), false))),
                        new ModelVersionPage.Lineage(
                                "Features",
                                List.of(new ModelVersionPage.Item(
                                        "departures", "17 columns", Optional.empty(), false))),
                        new ModelVersionPage.Lineage(
                                "Run",
                                List.of(new ModelVersionPage.Item(
                                        "0193a5c2", "took 41.2 s", Optional.of("/runs/" + RUN), false))),
                        new ModelVersionPage.Lineage(
                                "Model",
                                List.of(new ModelVersionPage.Item(
                                        "flight-delay 1.2.0", "xgboost", Optional.empty(), true))),
                        new ModelVersionPage.Lineage(
                                "Endpoint",
                                List.of(new ModelVersionPage.Item(
                                        "flight-delay",
                                        "canary, 25 %",
                                        Optional.of("/endpoints/flight-delay"),
                                        false)))),
                Optional.of(new ModelVersionPage.GraphPart(
                        "",
                        "cascade",
                        "sure from a probability of 0.9",
                        Optional.empty(),
                        List.of(
                                new ModelVersionPage.GraphPart(
                                        "first", "quick/3", "", Optional.of("/models/quick/versions/3"), List.of()),
                                new ModelVersionPage.GraphPart(
                                        "for rows that are not sure",
                                        "slow/1",
                                        "",
                                        Optional.of("/models/slow/versions/1"),
                                        List.of())))),
                List.of(new ModelVersionPage.Item("all/2", "", Optional.of("/models/all/versions/2"), false)),
                Optional.of("/models/flight-delay/versions/3/report"),
                Optional.of("Parity: 500 stored predictions replayed, largest difference 1.2e-7."),
                Optional.of("gate 'average_precision > champion': worse by 0.01"),
                List.of(
                        new ModelVersionPage.CardPart(
                                "Intended use",
                                List.of(
                                        new ModelVersionPage.CardBlock.Text(
                                                "Predicts whether a departing flight arrives more than 15 minutes late, before departure."))),
                        new ModelVersionPage.CardPart(
                                "Limits",
                                List.of(
                                        new ModelVersionPage.CardBlock.Items(
                                                List.of("Trained on New York's three airports in 2013.")),
                                        new ModelVersionPage.CardBlock.Table(
                                                List.of("Rows of", "Rows"), List.of(List.of("train", "200,000")))))),
                files("model.onnx", 1_412_331));
    }

    private static FileBrowser files(String name, long size) {
        FileTree.Folder inside =
                new FileTree.Folder(List.of(new FileTree.Entry("rows.csv", "data/rows.csv", false, 412)), 7);
        FileTree tree = new FileTree(
                "/x",
                new FileTree.Folder(
                        List.of(
                                new FileTree.Entry("data", "data", true, 0),
                                new FileTree.Entry("logs", "logs", true, 0),
                                new FileTree.Entry(name, name, false, size)),
                        0),
                Map.of("data", new FileTree("/x", inside, Map.of(), "data/rows.csv")),
                "data/rows.csv");
        return new FileBrowser(
                tree,
                Optional.of(new FilePreview(
                        "data/rows.csv",
                        "/x/artifacts/data/rows.csv",
                        412,
                        Optional.of("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
                        new FilePreview.Content.Table(List.of("age", "plan"), List.of(List.of("30", "plus"))),
                        "The first row.")));
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
                head("Endpoints"),
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
                lately().subList(0, 2),
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

    static DriftChart drift(int seed, double level) {
        List<DriftChart.Point> points = new ArrayList<>();
        List<Double> values = wave(seed, 24, level);
        for (int i = 0; i < values.size(); i++) {
            points.add(new DriftChart.Point(NOW.minus(Duration.ofHours(24L - i)), values.get(i) * (0.3 + i / 24.0)));
        }
        return new DriftChart(
                points, List.of(new DriftChart.Mark(points.get(9).time(), "1.1.0")), 0.2, DriftChart.Good.BELOW, "psi");
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
                head("Endpoints"),
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

    TimelinePage timeline() {
        return new TimelinePage(
                head("Timeline"),
                Optional.empty(),
                List.of("churn", "flight-delay"),
                Optional.of(new TimelinePage.At(
                        ago(Duration.ofHours(1)),
                        List.of(new TimelinePage.Served(
                                "flight-delay",
                                List.of(new VersionShare("flight-delay", 2, "1.1.0", "champion", 1)),
                                ago(Duration.ofHours(30)),
                                "rollout of 1.1.0 reached 100 %")))),
                List.of(new TimelinePage.Day("21 Nov 2026", lately()), new TimelinePage.Day("20 Nov 2026", lately())),
                Optional.of("/timeline?before=12"));
    }

    EventsPage events() {
        List<EventsPage.EventRow> rows = new ArrayList<>();
        String[] types = {
            "endpoint.rollout_advanced",
            "model_version.registered",
            "alias.set",
            "run.finished",
            "dataset_version.recorded"
        };
        for (int i = 0; i < 12; i++) {
            rows.add(new EventsPage.EventRow(
                    1_204 - i,
                    ago(Duration.ofMinutes(3L + 17L * i)),
                    types[i % types.length],
                    i % 2 == 0 ? "flight-delay" : RUN,
                    List.of(new Fact("from", "0.05"), new Fact("reason", "error rate 0.04 %, p99 4.3 ms")),
                    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"));
        }
        return new EventsPage(
                head("Record"),
                new Badge("chain holds", Tone.GOOD),
                "1 204 entries, verified just now",
                rows,
                Optional.empty(),
                Optional.of("/events?before=1192"));
    }
}
