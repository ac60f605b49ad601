package dev.millwright.pipelines.profile;

import dev.millwright.core.Column;
import dev.millwright.core.DatasetVersion;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Progress;
import dev.millwright.core.Schema;
import dev.millwright.core.Words;
import dev.millwright.data.ColumnContract;
import dev.millwright.data.DuckDb;
import dev.millwright.data.Inspector;
import dev.millwright.core.KnownAfter;
import dev.millwright.data.Session;
import dev.millwright.data.SourceSpec;
import dev.millwright.data.TypedTable;
import dev.millwright.data.profile.ProfileRequest;
import dev.millwright.data.profile.ProfileRequest.Parting;
import dev.millwright.pipelines.CheckedPipeline;
import dev.millwright.pipelines.DatasetStore;
import dev.millwright.pipelines.FirstLook;
import dev.millwright.pipelines.PipelineFile;
import dev.millwright.pipelines.PipelineFile.Located;
import dev.millwright.pipelines.Text;
import dev.millwright.registry.DatasetReference;
import dev.millwright.registry.RecordedDataset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What is profiled: a table that was read into a session, and what is known of it beforehand.
 *
 * @param table in the session that read it
 * @param request with the label, time and entity that a pipeline file names
 */
public record ProfileSubject(TypedTable table, ProfileRequest request) {
    private static final String ROWS = "profiled_rows";
    private static final String TEST_ROWS = "test_rows";
    private static final String VIEW = "(SELECT * FROM profiled_view)";

    /**
     * The rows of a file, or of all files that a glob names. Nobody has described them: encoding and words for missing values
     * are found out from the first.
     *
     * @throws InvalidInputException when there is no such file, or it is no table
     */
    public static ProfileSubject ofFiles(DuckDb duck, Session session, String from) {
        return new ProfileSubject(
                read(duck, session, from, ROWS),
                ProfileRequest.of(Path.of(from).getFileName().toString()));
    }

    /** The rows of files that are the test, for the same session as this subject's. */
    public TypedTable test(DuckDb duck, Session session, String from) {
        return read(duck, session, from, TEST_ROWS);
    }

    private static TypedTable read(DuckDb duck, Session session, String from, String relation) {
        String absolute = Path.of(from).toAbsolutePath().normalize().toString();
        List<Path> files = Inspector.files(SourceSpec.of("data", absolute));
        SourceSpec first = FirstLook.at(duck, files.getFirst()).source();
        SourceSpec all = SourceSpec.of("data", absolute).withMissing(first.missing());
        all = first.format().map(all::withFormat).orElse(all);
        all = first.encoding().map(all::withEncoding).orElse(all);
        all = first.header().map(all::withHeader).orElse(all);
        all = first.columnNames().isEmpty() ? all : all.withColumnNames(first.columnNames());
        return TypedTable.read(duck, session, all, relation, Progress.NONE);
    }

    /** @throws dev.millwright.core.MillwrightException when the home has no such version */
    public static ProfileSubject ofVersion(Session session, DatasetStore store, DatasetReference reference) {
        DatasetStore.Stored stored = store.load(reference);
        return new ProfileSubject(version(session, store, stored.version(), ROWS), ProfileRequest.of(stored.name()));
    }

    private static TypedTable version(
            Session session, DatasetStore store, DatasetVersion version, String relation) {
        return TypedTable.of(
                session, store.lake().tableReference(version), version.schema(), relation, version.quarantined());
    }

    /**
     * The rows of one dataset of a pipeline, as its source gives them: before expectations.
     *
     * @param store needed where the pipeline reads versions of a home
     * @throws InvalidInputException when it has no such dataset
     */
    public static ProfileSubject ofDataset(
            DuckDb duck, Session session, CheckedPipeline pipeline, String dataset, Optional<DatasetStore> store) {
        Schema schema = pipeline.schemas().get(dataset);
        if (schema == null) {
            throw new InvalidInputException("--dataset: " + Words.shortened(dataset) + " (expected: a dataset of the file)."
                    + Words.suggestion(dataset, pipeline.schemas().keySet()));
        }
        PipelineFile file = pipeline.file();
        ProfileRequest request = ProfileRequest.of(dataset).withKnownAfter(knownAfter(pipeline, dataset));
        request = named(schema, file.label().text()).map(request::withLabel).orElse(request);
        Optional<String> entity = file.features().entity().flatMap(column -> named(schema, column.text()));
        request = entity.map(request::withEntity).orElse(request);
        Optional<String> time = file.features().timestamp().flatMap(column -> named(schema, column.text()));
        request = time.map(request::withTime).orElse(request);
        return new ProfileSubject(
                source(duck, session, pipeline, dataset, store, ROWS), request.withParting(parting(file, time)));
    }

    /** The rows that the pipeline trains on: its view's columns, and the label under the expression that makes it. */
    public static ProfileSubject ofView(
            DuckDb duck, Session session, CheckedPipeline pipeline, Optional<DatasetStore> store) {
        Map<String, String> references = new LinkedHashMap<>();
        for (String dataset : pipeline.plan().tables()) {
            references.put(
                    dataset,
                    source(duck, session, pipeline, dataset, store, "source_" + references.size())
                            .reference());
        }
        List<Column> columns = new ArrayList<>(pipeline.plan().output().columns());
        String label = label(pipeline);
        columns.add(new Column(label, pipeline.plan().labelType().orElseThrow()));
        session.execute("CREATE OR REPLACE TEMP TABLE profiled_view AS SELECT * RENAME (_label AS \""
                + label.replace("\"", "\"\"") + "\") FROM (" + pipeline.plan().duckDbSql(references::get) + ")");
        PipelineFile file = pipeline.file();
        Optional<String> time = file.features().timestamp().map(Located::text);
        ProfileRequest request = ProfileRequest.of(file.name()).withLabel(label);
        request = time.map(request::withTime).orElse(request);
        request = file.features().entity().map(Located::text).map(request::withEntity).orElse(request);
        return new ProfileSubject(
                TypedTable.of(session, VIEW, new Schema(columns), ROWS, 0), request.withParting(parting(file, time)));
    }

    private static String label(CheckedPipeline pipeline) {
        String text = pipeline.file().label().text().strip().replaceAll("\\s+", " ");
        return pipeline.plan().output().find(text).isPresent() ? text + " (label)" : text;
    }

    private static TypedTable source(
            DuckDb duck,
            Session session,
            CheckedPipeline pipeline,
            String dataset,
            Optional<DatasetStore> store,
            String relation) {
        RecordedDataset version = pipeline.versions().get(dataset);
        if (version != null) {
            DatasetStore from = store.orElseThrow();
            return version(session, from, from.lake().load(version.dataset(), version.snapshot()), relation);
        }
        return TypedTable.read(
                duck, session, Objects.requireNonNull(pipeline.sources().get(dataset)), relation, Progress.NONE);
    }

    /** The column that a text names on its own, quoted or not. */
    private static Optional<String> named(Schema schema, String text) {
        String name = text.strip();
        String bare = name.length() > 1 && name.startsWith("\"") && name.endsWith("\"")
                ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
                : name;
        return schema.find(bare).map(Column::name);
    }

    private static Parting parting(PipelineFile file, Optional<String> time) {
        PipelineFile.Split split = file.train().split();
        return switch (split.by()) {
            case RANDOM -> new Parting.AtRandom(split.test());
            case TIME ->
                time.<Parting>map(column -> new Parting.ByTime(column, split.test()))
                        .orElseGet(() -> new Parting.AtRandom(split.test()));
        };
    }

    private static Map<String, String> knownAfter(CheckedPipeline pipeline, String dataset) {
        Map<String, String> known = new LinkedHashMap<>();
        SourceSpec source = pipeline.sources().get(dataset);
        if (source != null) {
            for (ColumnContract column : source.contract().columns()) {
                column.knownAfter().ifPresent(when -> known.put(column.name(), phrase(when)));
            }
        }
        return known;
    }

    private static String phrase(KnownAfter when) {
        return switch (when) {
            case KnownAfter.After after -> Text.duration(after.duration()) + " after its row";
            case KnownAfter.At at -> "at the time in " + at.column();
        };
    }
}
