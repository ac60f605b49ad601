package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table {@code logged_models} and those that hang on it. */
final class LoggedModelRows {
    private static final String SELECT =
            "SELECT model_id, experiment_id, name, model_type, source_run_id, artifact_uri, status, status_message,"
                    + " created, updated FROM logged_models ";

    private LoggedModelRows() {}

    static LoggedModel insert(Transaction transaction, String id, NewLoggedModel model) throws SQLException {
        Experiment experiment = Experiments.requireActive(transaction, model.experimentId());
        if (model.sourceRunId().isPresent()) {
            RunRows.requireActive(transaction, model.sourceRunId().get());
        }
        transaction.update(
                "INSERT INTO logged_models (model_id, experiment_id, name, model_type, source_run_id, artifact_uri,"
                        + " status, status_message, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, '', ?, ?)",
                id,
                Experiments.key(model.experimentId()),
                model.name(),
                model.modelType(),
                model.sourceRunId(),
                experiment.artifactLocation() + "/models/" + id + "/artifacts",
                LoggedModel.Status.PENDING,
                transaction.now(),
                transaction.now());
        setParams(transaction, id, model.params());
        setTags(transaction, id, model.tags());
        return require(transaction, id);
    }

    static void setParams(Transaction transaction, String id, Map<String, String> params) throws SQLException {
        for (Map.Entry<String, String> param : params.entrySet()) {
            transaction.update(
                    "INSERT INTO logged_model_params (model_id, key, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    id,
                    param.getKey(),
                    param.getValue());
        }
    }

    static void setTags(Transaction transaction, String id, Map<String, String> tags) throws SQLException {
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            transaction.update(
                    "INSERT INTO logged_model_tags (model_id, key, value) VALUES (?, ?, ?)"
                            + " ON CONFLICT (model_id, key) DO UPDATE SET value = excluded.value",
                    id,
                    tag.getKey(),
                    tag.getValue());
        }
    }

    static void insertMetric(Transaction transaction, String runId, String modelId, ModelMetric measured)
            throws SQLException {
        require(transaction, modelId);
        Metric metric = measured.metric();
        boolean nan = Double.isNaN(metric.value());
        transaction.update(
                "INSERT INTO logged_model_metrics (model_id, key, dataset_name, dataset_digest, step, timestamp, value,"
                        + " is_nan, run_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                modelId,
                metric.key(),
                measured.dataset().map(ModelMetric.DatasetKey::name).orElse(""),
                measured.dataset().map(ModelMetric.DatasetKey::digest).orElse(""),
                metric.step(),
                metric.timestamp(),
                nan ? 0.0 : metric.value(),
                nan,
                runId);
    }

    static LoggedModel require(Session session, String id) throws SQLException {
        return find(session, id)
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_FOUND, "logged model: " + id + " (expected: the id of one)"));
    }

    static Optional<LoggedModel> find(Session session, String id) throws SQLException {
        return list(session, "WHERE deleted IS NULL AND model_id = ?", id).stream()
                .findFirst();
    }

    static List<LoggedModel> list(Session session, String where, Object... arguments) throws SQLException {
        List<LoggedModel> complete = new java.util.ArrayList<>();
        for (LoggedModel bare : session.list(SELECT + where, LoggedModelRows::read, arguments)) {
            complete.add(new LoggedModel(
                    bare.id(),
                    bare.experimentId(),
                    bare.name(),
                    bare.modelType(),
                    bare.sourceRunId(),
                    bare.artifactUri(),
                    bare.status(),
                    bare.statusMessage(),
                    bare.created(),
                    bare.updated(),
                    bare.lifecycle(),
                    session.texts("SELECT key, value FROM logged_model_params WHERE model_id = ?", bare.id()),
                    session.texts("SELECT key, value FROM logged_model_tags WHERE model_id = ?", bare.id()),
                    metrics(session, bare.id()),
                    registrations(session, bare.id())));
        }
        return complete;
    }

    private static LoggedModel read(ResultSet row) throws SQLException {
        return new LoggedModel(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                Optional.ofNullable(row.getString(5)),
                row.getString(6),
                LoggedModel.Status.valueOf(row.getString(7)),
                row.getString(8),
                Micros.instant(row.getLong(9)),
                Micros.instant(row.getLong(10)),
                Lifecycle.ACTIVE,
                Map.of(),
                Map.of(),
                List.of(),
                List.of());
    }

    /** Of each metric, data set and run the latest: the greatest step, then time, then value. */
    private static List<LoggedModel.RunMetric> metrics(Session session, String id) throws SQLException {
        return session.list(
                "SELECT run_id, key, value, is_nan, timestamp, step, dataset_name, dataset_digest FROM ("
                        + "SELECT *, ROW_NUMBER() OVER (PARTITION BY key, dataset_name, dataset_digest, run_id"
                        + " ORDER BY step DESC, timestamp DESC, value DESC) AS place"
                        + " FROM logged_model_metrics WHERE model_id = ?) AS ranked WHERE place = 1 ORDER BY key, run_id",
                row -> new LoggedModel.RunMetric(
                        row.getString(1),
                        new ModelMetric(
                                new Metric(
                                        row.getString(2),
                                        row.getInt(4) == 1 ? Double.NaN : row.getDouble(3),
                                        Micros.instant(row.getLong(5)),
                                        row.getLong(6)),
                                Optional.of(id),
                                row.getString(7).isEmpty()
                                        ? Optional.empty()
                                        : Optional.of(new ModelMetric.DatasetKey(row.getString(7), row.getString(8))))),
                id);
    }

    private static List<String> registrations(Session session, String id) throws SQLException {
        return session.list(
                "SELECT model || '/' || version FROM model_versions WHERE logged_model_id = ? AND status <> 'DELETED'"
                        + " ORDER BY model, version",
                row -> row.getString(1),
                id);
    }
}
