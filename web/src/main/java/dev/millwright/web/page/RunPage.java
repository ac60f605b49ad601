package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/**
 * One run.
 *
 * @param children the runs that it started: one for each learner
 * @param pipelineText the pipeline file as it was run, when the run came from one
 */
public record RunPage(
        PageHead head,
        RunRow run,
        StepList steps,
        List<MetricGroup> metrics,
        List<Fact> params,
        List<Fact> facts,
        List<DatasetRow> datasets,
        List<RunRow> children,
        List<ArtifactRow> artifacts,
        Optional<String> pipelineText) {
    public RunPage {
        metrics = List.copyOf(metrics);
        params = List.copyOf(params);
        facts = List.copyOf(facts);
        datasets = List.copyOf(datasets);
        children = List.copyOf(children);
        artifacts = List.copyOf(artifacts);
    }

    /** Metrics of one kind of rows. */
    public record MetricGroup(String title, List<MetricFact> metrics) {
        public MetricGroup {
            metrics = List.copyOf(metrics);
        }
    }

    /** One metric, with its range where one was computed. */
    public record MetricFact(String name, Interval value) {}

    /** A dataset version that the run read. */
    public record DatasetRow(String name, int version, long rowsRead, long quarantined) {}

    /** A file that the run kept. */
    public record ArtifactRow(String path, long size, String mediaType, String sha256, String href) {}
}
