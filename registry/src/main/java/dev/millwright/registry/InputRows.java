package dev.millwright.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables {@code logged_datasets}, {@code run_inputs}, {@code run_input_tags} and {@code run_models}. */
final class InputRows {
    private static final String DATASET =
            "SELECT d.dataset_id, d.name, d.digest, d.source_type, d.source, d.schema, d.profile FROM logged_datasets d ";

    private InputRows() {}

    static void insert(Transaction transaction, Run run, DatasetInput input) throws SQLException {
        transaction.update(
                "INSERT INTO logged_datasets (experiment_id, name, digest, source_type, source, schema, profile)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                Experiments.key(run.experimentId()),
                input.name(),
                input.digest(),
                input.sourceType(),
                input.source(),
                input.schema(),
                input.profile());
        long id = transaction
                .find(
                        "SELECT dataset_id FROM logged_datasets WHERE experiment_id = ? AND name = ? AND digest = ?",
                        row -> row.getLong(1),
                        Experiments.key(run.experimentId()),
                        input.name(),
                        input.digest())
                .orElseThrow();
        transaction.update(
                "INSERT INTO run_inputs (run_id, dataset_id) VALUES (?, ?) ON CONFLICT DO NOTHING", run.id(), id);
        for (Map.Entry<String, String> tag : input.tags().entrySet()) {
            transaction.update(
                    "INSERT INTO run_input_tags (run_id, dataset_id, key, value) VALUES (?, ?, ?, ?)"
                            + " ON CONFLICT (run_id, dataset_id, key) DO UPDATE SET value = excluded.value",
                    run.id(),
                    id,
                    tag.getKey(),
                    tag.getValue());
        }
    }

    static void link(Transaction transaction, String runId, RunModel model) throws SQLException {
        LoggedModelRows.require(transaction, model.modelId());
        transaction.update(
                "INSERT INTO run_models (run_id, model_id, role, step) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (run_id, model_id, role) DO UPDATE SET step = excluded.step",
                runId,
                model.modelId(),
                model.role(),
                model.step());
    }

    private record Row(long id, DatasetInput input) {
        static Row read(ResultSet row) throws SQLException {
            return new Row(
                    row.getLong(1),
                    new DatasetInput(
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            Optional.ofNullable(row.getString(6)),
                            Optional.ofNullable(row.getString(7)),
                            Map.of()));
        }

        DatasetInput tagged(Map<String, String> tags) {
            return new DatasetInput(
                    input.name(),
                    input.digest(),
                    input.sourceType(),
                    input.source(),
                    input.schema(),
                    input.profile(),
                    tags);
        }
    }

    /** What a run read, in the order in which it was first logged. */
    static List<DatasetInput> datasets(Session session, String runId) throws SQLException {
        List<DatasetInput> inputs = new ArrayList<>();
        for (Row row : session.list(
                DATASET + "JOIN run_inputs i ON i.dataset_id = d.dataset_id WHERE i.run_id = ? ORDER BY d.dataset_id",
                Row::read,
                runId)) {
            inputs.add(row.tagged(session.texts(
                    "SELECT key, value FROM run_input_tags WHERE run_id = ? AND dataset_id = ?", runId, row.id())));
        }
        return inputs;
    }

    /** What runs of an experiment read; with the context of a reading, where one was given. */
    static List<DatasetInput> ofExperiment(Session session, String experimentId) throws SQLException {
        List<DatasetInput> inputs = new ArrayList<>();
        for (Row row : session.list(
                DATASET + "WHERE d.experiment_id = ? ORDER BY d.name, d.digest",
                Row::read,
                Experiments.key(experimentId))) {
            inputs.add(row.tagged(session.texts(
                    "SELECT key, value FROM run_input_tags WHERE dataset_id = ? AND key = 'mlflow.data.context'"
                            + " ORDER BY run_id LIMIT 1",
                    row.id())));
        }
        return inputs;
    }

    static List<RunModel> models(Session session, String runId) throws SQLException {
        return session.list(
                "SELECT model_id, role, step FROM run_models WHERE run_id = ? ORDER BY step, model_id",
                row -> new RunModel(row.getString(1), RunModel.Role.valueOf(row.getString(2)), row.getLong(3)),
                runId);
    }
}
