package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/**
 * One run.
 *
 * @param curves of the metrics that were logged over steps
 * @param datasets that a pipeline read; those that a client says it read are in {@code logged}
 * @param children the runs that it started: one for each learner
 * @param pipelineText the pipeline file as it was run, when the run came from one
 */
public record RunPage(
        PageHead head,
        RunRow run,
        StepList steps,
        MetricTable metrics,
        CurveChoice curves,
        List<Fact> params,
        List<Fact> facts,
        LoggedThings logged,
        List<DatasetRow> datasets,
        List<RunRow> children,
        FileBrowser files,
        Optional<String> pipelineText) {
    public RunPage {
        params = List.copyOf(params);
        facts = List.copyOf(facts);
        datasets = List.copyOf(datasets);
        children = List.copyOf(children);
    }

    /** As many metrics as the page draws; a run that logs more is looked at in part. */
    private static final int MOST_CURVES = 48;

    public List<String> drawn() {
        return curves.metrics().stream().limit(MOST_CURVES).toList();
    }

    /** What the chart scripts know it by. */
    public String mark() {
        return RunMark.json(List.of(new RunMark(run.id(), run.name(), 0, run.status(), run.started())));
    }

    public boolean isLive() {
        return run.status().tone() == Tone.BUSY;
    }

    /** Runs that clients log to have none. */
    public boolean hasSteps() {
        return pipelineText.isPresent() || !steps.steps().isEmpty();
    }

    /**
     * Metrics, a line each.
     *
     * @param columns the kinds of rows on which they were measured
     */
    public record MetricTable(List<String> columns, List<MetricLine> lines) {
        public MetricTable {
            columns = List.copyOf(columns);
            lines = List.copyOf(lines);
        }

        public boolean isEmpty() {
            return lines.isEmpty();
        }
    }

    /** One metric, with its range where one was computed; one entry a column. */
    public record MetricLine(String name, List<Optional<Interval>> values) {
        public MetricLine {
            values = List.copyOf(values);
        }
    }

    /** A dataset version that the run read. */
    public record DatasetRow(String name, int version, long rowsRead, long quarantined) {
        public String href() {
            return Paths.datasetVersion(name, version);
        }
    }
}
