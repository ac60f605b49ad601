package dev.millwright.web;

import static dev.millwright.web.SampleValues.OTHER_RUN;
import static dev.millwright.web.SampleValues.RUN;
import static dev.millwright.web.SampleValues.ago;

import dev.millwright.web.page.Badge;
import dev.millwright.web.page.ComparePage;
import dev.millwright.web.page.CurveChoice;
import dev.millwright.web.page.Fact;
import dev.millwright.web.page.FileBrowser;
import dev.millwright.web.page.FilePreview;
import dev.millwright.web.page.FileTree;
import dev.millwright.web.page.Interval;
import dev.millwright.web.page.LoggedThings;
import dev.millwright.web.page.PageHead;
import dev.millwright.web.page.RunColumn;
import dev.millwright.web.page.RunLine;
import dev.millwright.web.page.RunMark;
import dev.millwright.web.page.RunPage;
import dev.millwright.web.page.RunQuery;
import dev.millwright.web.page.RunRow;
import dev.millwright.web.page.RunsPage;
import dev.millwright.web.page.Section;
import dev.millwright.web.page.StepList;
import dev.millwright.web.page.Tone;
import dev.millwright.web.page.ValueTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** Runs: the list, one of them, and several beside each other. */
final class SampleRunPages {
    private final BiFunction<String, Section, PageHead> heads;

    SampleRunPages(BiFunction<String, Section, PageHead> heads) {
        this.heads = heads;
    }

    static List<RunRow> rows() {
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

    RunsPage runs() {
        return new RunsPage(
                heads.apply("Runs", Section.RUNS),
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

    ComparePage compare() {
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
                heads.apply("Compare", Section.RUNS),
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

    RunPage run() {
        return new RunPage(
                heads.apply("flight-delay run", Section.RUNS),
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

    private StepList steps() {
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

    static RunPage.MetricTable metrics() {
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

    static FileBrowser files(String name, long size) {
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
}
