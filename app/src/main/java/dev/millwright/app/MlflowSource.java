package dev.millwright.app;

import dev.millwright.registry.DatasetInput;
import dev.millwright.registry.LoggedModel;
import dev.millwright.registry.Metric;
import dev.millwright.registry.RegisteredModel;
import dev.millwright.registry.RunModel;
import dev.millwright.registry.RunStatus;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** An MLflow whose experiments, runs and models are to be brought over. For one thread. */
interface MlflowSource extends AutoCloseable {
    /** What it is, always in the same words: by them an interrupted import finds out what it has brought over already. */
    String name();

    List<SourceExperiment> experiments() throws IOException;

    /** How many runs there are in all; 0 when that can't be told. */
    long countRuns() throws IOException;

    /** Hands over the runs of an experiment, deleted ones too. */
    void runs(String experimentId, Consumer<SourceRun> runs) throws IOException;

    /** Hands over all values of a metric, a part at a time. */
    void history(String runId, String key, Consumer<List<Metric>> values) throws IOException;

    List<SourceModel> loggedModels(String experimentId) throws IOException;

    List<RegisteredModel> registeredModels() throws IOException;

    List<SourceVersion> versions(String model) throws IOException;

    /** The files at a place, with their paths from there. */
    List<SourceFile> files(Place place) throws IOException;

    InputStream open(Place place, String path) throws IOException;

    /** What there is that has no counterpart here. */
    List<ImportReport.Left> leftBehind(List<SourceExperiment> experiments) throws IOException;

    @Override
    void close();

    /**
     * An experiment.
     *
     * @param deleted when it was deleted; empty for one that was not
     */
    record SourceExperiment(
            String id,
            String name,
            Instant created,
            Instant updated,
            Optional<Instant> deleted,
            Map<String, String> tags) {}

    /**
     * A run with what was logged to it, but for the values of its metrics and its files.
     *
     * @param deleted when it was deleted, or when it ended if that is not told; empty for one that was not
     */
    record SourceRun(
            String id,
            String name,
            String user,
            RunStatus status,
            Instant started,
            Optional<Instant> ended,
            Optional<Instant> deleted,
            String artifactUri,
            Map<String, String> params,
            Map<String, String> tags,
            Set<String> metrics,
            List<DatasetInput> datasets,
            List<RunModel> models) {}

    /** A logged model, with the ids that it, its run and the runs of its metrics have there. */
    record SourceModel(LoggedModel model) {}

    /** A version, with the ids that its run and logged model have there. */
    record SourceVersion(
            int version,
            String source,
            Optional<String> runId,
            Optional<String> loggedModelId,
            String runLink,
            String description,
            String user,
            String stage,
            Instant created,
            Instant updated,
            Map<String, String> tags) {}

    /** Where files are. */
    sealed interface Place {
        /** As the thing that they belong to says. */
        String uri();
    }

    /** The files of a run. */
    record OfRun(String runId, String uri) implements Place {}

    /** The files of a logged model. */
    record OfModel(String modelId, String uri) implements Place {}

    /** A file by its path from its place. */
    record SourceFile(String path, long size) {}
}
