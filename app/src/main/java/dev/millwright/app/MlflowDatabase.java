package dev.millwright.app;

import dev.millwright.core.InvalidInputException;
import dev.millwright.registry.DatasetInput;
import dev.millwright.registry.Lifecycle;
import dev.millwright.registry.LoggedModel;
import dev.millwright.registry.Metric;
import dev.millwright.registry.ModelMetric;
import dev.millwright.registry.RegisteredModel;
import dev.millwright.registry.RunModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;

/**
 * MLflow's own SQLite database, read without MLflow, and the files of its runs where they lie on this machine. Databases of
 * older releases lack some tables: what they would hold is not there then.
 */
final class MlflowDatabase implements MlflowSource {
    private static final int VALUES = 10_000;
    private static final String READ_ONLY = "1";

    private final Path file;
    private final Connection connection;
    private final MlflowFolders folders;
    private final Set<String> tables = new HashSet<>();

    private MlflowDatabase(Path file, Connection connection, MlflowFolders folders) {
        this.file = file;
        this.connection = connection;
        this.folders = folders;
    }

    /**
     * Opens a database, for reading only.
     *
     * @param folders where its artifact URIs lie
     */
    static MlflowDatabase open(Path file, MlflowFolders folders) {
        try {
            Path real = file.toRealPath();
            Properties properties = new Properties();
            properties.setProperty("open_mode", READ_ONLY);
            MlflowDatabase database =
                    new MlflowDatabase(real, DriverManager.getConnection("jdbc:sqlite:" + real, properties), folders);
            database.tables.addAll(
                    database.list("SELECT name FROM sqlite_master WHERE type = 'table'", row -> row.getString(1)));
            if (!database.tables.containsAll(Set.of("alembic_version", "experiments", "runs", "metrics"))) {
                database.close();
                throw notMlflow(file, "it has none of its tables");
            }
            return database;
        } catch (IOException | SQLException failed) {
            throw notMlflow(file, String.valueOf(failed.getMessage()));
        }
    }

    private static InvalidInputException notMlflow(Path file, String why) {
        return new InvalidInputException("SOURCE: " + file + " can't be read as MLflow's database: " + why
                + " (expected: the SQLite file of an MLflow server, mlflow.db, or the server's address)");
    }

    @Override
    public String name() {
        return file.toString();
    }

    @FunctionalInterface
    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> list(String sql, Row<T> reader, Object... arguments) throws SQLException {
        List<T> found = new ArrayList<>();
        each(sql, row -> found.add(reader.read(row)), arguments);
        return found;
    }

    /** Does something with each row, while the query runs. */
    private void each(String sql, Row<?> reader, Object... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        }
    }

    private Map<String, String> pairs(String sql, Object... arguments) throws SQLException {
        Map<String, String> pairs = new HashMap<>();
        each(sql, row -> pairs.put(row.getString(1), text(row, 2)), arguments);
        return pairs;
    }

    private static String text(ResultSet row, int column) throws SQLException {
        return Objects.requireNonNullElse(row.getString(column), "");
    }

    private static Optional<String> optional(ResultSet row, int column) throws SQLException {
        return Optional.of(text(row, column)).filter(found -> !found.isEmpty());
    }

    private static Optional<Instant> time(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private static Instant timeOrStart(ResultSet row, int column) throws SQLException {
        return time(row, column).orElse(Instant.EPOCH);
    }

    /** Runs queries and says which database failed. */
    private interface Work<T> {
        T run() throws SQLException;
    }

    private <T> T query(Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (SQLException failed) {
            throw new IOException(file + ": " + failed.getMessage(), failed);
        }
    }

    @Override
    public List<SourceExperiment> experiments() throws IOException {
        return query(() -> list(
                "SELECT experiment_id, name, creation_time, last_update_time, lifecycle_stage FROM experiments"
                        + " ORDER BY experiment_id",
                row -> {
                    String id = row.getString(1);
                    Instant updated = timeOrStart(row, 4);
                    return new SourceExperiment(
                            id,
                            row.getString(2),
                            timeOrStart(row, 3),
                            updated,
                            text(row, 5).equals("deleted") ? Optional.of(updated) : Optional.empty(),
                            pairs("SELECT key, value FROM experiment_tags WHERE experiment_id = ?", id));
                }));
    }

    @Override
    public long countRuns() throws IOException {
        return query(
                () -> list("SELECT count(*) FROM runs", row -> row.getLong(1)).getFirst());
    }

    @Override
    public void runs(String experimentId, Consumer<SourceRun> runs) throws IOException {
        List<String> ids = query(() -> list(
                "SELECT run_uuid FROM runs WHERE experiment_id = ? ORDER BY start_time, run_uuid",
                row -> row.getString(1),
                experimentId));
        for (String id : ids) {
            runs.accept(query(() -> list(
                            "SELECT name, user_id, status, start_time, end_time, lifecycle_stage, deleted_time, artifact_uri"
                                    + " FROM runs WHERE run_uuid = ?",
                            row -> run(id, row),
                            id)
                    .getFirst()));
        }
    }

    private SourceRun run(String id, ResultSet row) throws SQLException {
        Map<String, String> tags = pairs("SELECT key, value FROM tags WHERE run_uuid = ?", id);
        Instant started = timeOrStart(row, 4);
        Optional<Instant> ended = time(row, 5);
        Optional<Instant> deleted = text(row, 6).equals("deleted")
                ? time(row, 7).or(() -> ended).or(() -> Optional.of(started))
                : Optional.empty();
        return new SourceRun(
                id,
                optional(row, 1).orElse(tags.getOrDefault("mlflow.runName", "")),
                text(row, 2),
                MlflowJson.status(text(row, 3)),
                started,
                ended,
                deleted,
                text(row, 8),
                pairs("SELECT key, value FROM params WHERE run_uuid = ?", id),
                tags,
                Set.copyOf(list("SELECT DISTINCT key FROM metrics WHERE run_uuid = ?", key -> key.getString(1), id)),
                datasets(id),
                models(id));
    }

    private List<DatasetInput> datasets(String runId) throws SQLException {
        if (!tables.contains("inputs") || !tables.contains("datasets")) {
            return List.of();
        }
        return list(
                "SELECT d.name, d.digest, d.dataset_source_type, d.dataset_source, d.dataset_schema, d.dataset_profile,"
                        + " i.input_uuid FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id"
                        + " WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN' AND i.destination_id = ?",
                row -> new DatasetInput(
                        row.getString(1),
                        row.getString(2),
                        text(row, 3),
                        text(row, 4),
                        optional(row, 5),
                        optional(row, 6),
                        pairs("SELECT name, value FROM input_tags WHERE input_uuid = ?", row.getString(7))),
                runId);
    }

    private List<RunModel> models(String runId) throws SQLException {
        if (!tables.contains("inputs") || !tables.contains("logged_models")) {
            return List.of();
        }
        return list(
                "SELECT destination_id, source_type, step FROM inputs WHERE source_id = ?"
                        + " AND source_type IN ('RUN_INPUT', 'RUN_OUTPUT')",
                row -> new RunModel(
                        row.getString(1),
                        row.getString(2).equals("RUN_INPUT") ? RunModel.Role.INPUT : RunModel.Role.OUTPUT,
                        row.getLong(3)),
                runId);
    }

    @Override
    public void history(String runId, String key, Consumer<List<Metric>> values) throws IOException {
        query(() -> {
            List<Metric> part = new ArrayList<>();
            each(
                    "SELECT value, timestamp, step, is_nan FROM metrics WHERE run_uuid = ? AND key = ?",
                    row -> {
                        part.add(new Metric(
                                key,
                                row.getBoolean(4) ? Double.NaN : row.getDouble(1),
                                Instant.ofEpochMilli(row.getLong(2)),
                                row.getLong(3)));
                        if (part.size() == VALUES) {
                            values.accept(List.copyOf(part));
                            part.clear();
                        }
                        return part;
                    },
                    runId,
                    key);
            if (!part.isEmpty()) {
                values.accept(part);
            }
            return part;
        });
    }

    @Override
    public List<SourceModel> loggedModels(String experimentId) throws IOException {
        if (!tables.contains("logged_models")) {
            return List.of();
        }
        return query(() -> list(
                "SELECT model_id, name, model_type, source_run_id, artifact_location, status, status_message,"
                        + " creation_timestamp_ms, last_updated_timestamp_ms FROM logged_models"
                        + " WHERE experiment_id = ? AND lifecycle_stage <> 'deleted' ORDER BY creation_timestamp_ms",
                row -> {
                    String id = row.getString(1);
                    return new SourceModel(new LoggedModel(
                            id,
                            experimentId,
                            row.getString(2),
                            text(row, 3),
                            optional(row, 4),
                            text(row, 5),
                            status(row.getInt(6)),
                            text(row, 7),
                            timeOrStart(row, 8),
                            timeOrStart(row, 9),
                            Lifecycle.ACTIVE,
                            pairs("SELECT param_key, param_value FROM logged_model_params WHERE model_id = ?", id),
                            pairs("SELECT tag_key, tag_value FROM logged_model_tags WHERE model_id = ?", id),
                            metrics(id),
                            List.of()));
                },
                experimentId));
    }

    /** The numbers of the protocol's {@code LoggedModelStatus}. */
    private static LoggedModel.Status status(int number) {
        return switch (number) {
            case 2 -> LoggedModel.Status.READY;
            case 3 -> LoggedModel.Status.UPLOAD_FAILED;
            default -> LoggedModel.Status.PENDING;
        };
    }

    private List<LoggedModel.RunMetric> metrics(String modelId) throws SQLException {
        return list(
                "SELECT run_id, metric_name, metric_value, metric_timestamp_ms, metric_step, dataset_name, dataset_digest"
                        + " FROM logged_model_metrics WHERE model_id = ?",
                row -> {
                    String digest = text(row, 7);
                    Metric metric = new Metric(
                            row.getString(2), number(row, 3), Instant.ofEpochMilli(row.getLong(4)), row.getLong(5));
                    return new LoggedModel.RunMetric(
                            row.getString(1),
                            new ModelMetric(
                                    metric,
                                    Optional.of(modelId),
                                    optional(row, 6).map(name -> new ModelMetric.DatasetKey(name, digest))));
                },
                modelId);
    }

    private static double number(ResultSet row, int column) throws SQLException {
        double number = row.getDouble(column);
        return row.wasNull() ? Double.NaN : number;
    }

    @Override
    public List<RegisteredModel> registeredModels() throws IOException {
        if (!tables.contains("registered_models")) {
            return List.of();
        }
        return query(() -> list(
                "SELECT name, creation_time, last_updated_time, description FROM registered_models ORDER BY name",
                row -> {
                    String name = row.getString(1);
                    return new RegisteredModel(
                            name,
                            timeOrStart(row, 2),
                            time(row, 3).orElse(timeOrStart(row, 2)),
                            text(row, 4),
                            aliases(name),
                            pairs("SELECT key, value FROM registered_model_tags WHERE name = ?", name));
                }));
    }

    private Map<String, Integer> aliases(String model) throws SQLException {
        Map<String, Integer> aliases = new HashMap<>();
        if (tables.contains("registered_model_aliases")) {
            each(
                    "SELECT alias, version FROM registered_model_aliases WHERE name = ?",
                    row -> aliases.put(row.getString(1), row.getInt(2)),
                    model);
        }
        return aliases;
    }

    @Override
    public List<SourceVersion> versions(String model) throws IOException {
        return query(() -> list(
                "SELECT version, source, run_id, run_link, description, user_id, current_stage, creation_time,"
                        + " last_updated_time FROM model_versions WHERE name = ?"
                        + " AND current_stage <> 'Deleted_Internal' ORDER BY version",
                row -> {
                    int version = row.getInt(1);
                    String source = text(row, 2);
                    return new SourceVersion(
                            version,
                            source,
                            optional(row, 3),
                            MlflowJson.loggedModel(source),
                            text(row, 4),
                            text(row, 5),
                            text(row, 6),
                            optional(row, 7).orElse("None"),
                            timeOrStart(row, 8),
                            time(row, 9).orElse(timeOrStart(row, 8)),
                            pairs(
                                    "SELECT key, value FROM model_version_tags WHERE name = ? AND version = ?",
                                    model,
                                    version));
                },
                model));
    }

    @Override
    public List<SourceFile> files(Place place) throws IOException {
        return folders.files(place.uri());
    }

    @Override
    public InputStream open(Place place, String path) throws IOException {
        return Files.newInputStream(folders.folder(place.uri()).resolve(path));
    }

    @Override
    public List<ImportReport.Left> leftBehind(List<SourceExperiment> experiments) throws IOException {
        List<ImportReport.Left> left = new ArrayList<>();
        addCount(left, "trace_info", "traces", "there are no traces here yet");
        addCount(left, "evaluation_datasets", "evaluation data sets", "there are none here");
        addCount(left, "webhooks", "webhooks", "there are none here");
        addCount(left, "scorers", "scorers", "there are none here");
        return left;
    }

    private void addCount(List<ImportReport.Left> left, String table, String what, String why) throws IOException {
        if (tables.contains(table)) {
            long count = query(() ->
                    list("SELECT count(*) FROM " + table, row -> row.getLong(1)).getFirst());
            if (count > 0) {
                left.add(new ImportReport.Left(what, count + " in the database", why));
            }
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException failed) {
            throw new IllegalStateException(file + " could not be closed", failed);
        }
    }
}
