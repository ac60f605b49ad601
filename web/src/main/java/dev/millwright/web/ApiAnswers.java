package dev.millwright.web;

import dev.millwright.core.Event;
import dev.millwright.pipelines.RolloutJson;
import dev.millwright.registry.Endpoint;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunArtifact;
import dev.millwright.registry.Served;
import dev.millwright.registry.Step;
import dev.millwright.registry.TimelineEntry;
import dev.millwright.serving.rollout.RolloutFigures;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@link ApiRoutes} answers with. */
final class ApiAnswers {
    private ApiAnswers() {}

    /** Where to go on. */
    record Index(List<String> resources) {}

    /** A run in a list. */
    record RunAnswer(
            String id,
            String name,
            String kind,
            String status,
            Optional<String> pipeline,
            Optional<String> parent,
            Instant started,
            Optional<Instant> ended,
            Optional<String> error) {
        static RunAnswer of(Run run) {
            return new RunAnswer(
                    run.id(),
                    run.name(),
                    RunPages.label(run.kind()),
                    RunPages.label(run.status()),
                    run.pipeline(),
                    run.parentId(),
                    run.started(),
                    run.ended(),
                    run.error());
        }
    }

    /** Part of the runs; {@code next} goes into {@code after} for the rest. */
    record RunsAnswer(List<RunAnswer> runs, Optional<String> next) {}

    /** A step of a run. */
    record StepAnswer(
            String name,
            int ordinal,
            String status,
            int attempt,
            Instant started,
            Optional<Instant> ended,
            Optional<String> reusedFrom,
            Optional<String> error) {
        static StepAnswer of(Step step) {
            return new StepAnswer(
                    step.name(),
                    step.ordinal(),
                    RunPages.label(step.status()),
                    step.attempt(),
                    step.started(),
                    step.ended(),
                    step.reusedFrom(),
                    step.error());
        }
    }

    /** A dataset version that a run read. */
    record DatasetAnswer(String name, int version, long snapshot, long rowsRead, long rows, long quarantined) {
        static DatasetAnswer of(RecordedDataset dataset) {
            return new DatasetAnswer(
                    dataset.dataset(),
                    dataset.version(),
                    dataset.snapshot(),
                    dataset.rowsRead(),
                    dataset.rows(),
                    dataset.quarantined());
        }
    }

    /** A file of a run or a model version. */
    record ArtifactAnswer(String path, String sha256, long size) {
        static ArtifactAnswer of(RunArtifact file) {
            return new ArtifactAnswer(
                    file.path(), file.artifact().sha256(), file.artifact().size());
        }
    }

    /** All that is known of a run. */
    record RunDetailsAnswer(
            RunAnswer run,
            Map<String, String> params,
            Map<String, Double> metrics,
            Map<String, String> tags,
            List<DatasetAnswer> datasets,
            List<StepAnswer> steps,
            List<ArtifactAnswer> artifacts) {}

    /** A model version. */
    record VersionAnswer(
            int version,
            String semanticVersion,
            String status,
            Optional<String> run,
            List<String> aliases,
            Instant created,
            List<ArtifactAnswer> artifacts) {
        static VersionAnswer of(ModelVersion version) {
            return new VersionAnswer(
                    version.version(),
                    version.semanticVersion().toString(),
                    RunPages.label(version.status()),
                    version.runId(),
                    version.aliases(),
                    version.created(),
                    version.artifacts().entrySet().stream()
                            .map(entry -> new ArtifactAnswer(
                                    entry.getKey(),
                                    entry.getValue().sha256(),
                                    entry.getValue().size()))
                            .toList());
        }
    }

    /** All models. */
    record ModelsAnswer(List<ModelAnswer> models) {}

    /** A model and its versions, newest first. */
    record ModelAnswer(String name, Instant created, Map<String, Integer> aliases, List<VersionAnswer> versions) {}

    /** A version's part of an endpoint's traffic. */
    record ServedAnswer(int version, String role, double percent) {
        static List<ServedAnswer> of(List<Served> versions) {
            return versions.stream()
                    .map(served -> new ServedAnswer(served.version(), RunPages.label(served.role()), served.percent()))
                    .toList();
        }
    }

    /** All endpoints. */
    record EndpointsAnswer(List<EndpointAnswer> endpoints) {}

    /** An endpoint and what serves it. */
    record EndpointAnswer(
            String name, String model, String status, List<ServedAnswer> versions, Instant since, String reason) {
        static EndpointAnswer of(Endpoint endpoint) {
            return new EndpointAnswer(
                    endpoint.name(),
                    endpoint.model(),
                    RunPages.label(endpoint.rollout().status()),
                    ServedAnswer.of(endpoint.rollout().versions()),
                    endpoint.since(),
                    endpoint.rollout().reason());
        }
    }

    /** What served an endpoint, oldest first; what served at one time, if that was asked for. */
    record TimelinesAnswer(List<TimelineAnswer> timeline) {}

    /** What served from {@code time} on, with the figures that a rollout's decision rests on. */
    record TimelineAnswer(
            long sequence,
            Instant time,
            String change,
            String model,
            String status,
            List<ServedAnswer> versions,
            String reason,
            Optional<RolloutFigures> figures) {
        static TimelineAnswer of(TimelineEntry entry) {
            return new TimelineAnswer(
                    entry.sequence(),
                    entry.time(),
                    entry.change(),
                    entry.model(),
                    RunPages.label(entry.status()),
                    ServedAnswer.of(entry.versions()),
                    entry.reason(),
                    entry.figures().map(RolloutJson::readFigures));
        }
    }

    /** Entries of the record, oldest first; the last one's sequence goes into {@code after} for the rest. */
    record EventsAnswer(List<Event> events) {}
}
