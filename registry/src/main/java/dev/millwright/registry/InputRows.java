package dev.millwright.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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

    private record Use(String runId, long datasetId) {}

    /** What runs read, by run, in the order in which it was first logged; runs that read nothing are left out. */
    static Map<String, List<DatasetInput>> datasets(Session session, List<String> runIds) throws SQLException {
        String among = " IN (" + SearchComparison.marks(runIds.size()) + ")";
        Map<Use, Map<String, String>> tags = new HashMap<>();
        Map<String, List<DatasetInput>> inputs = new HashMap<>();
        List<Row> rows = new ArrayList<>();
        List<String> owners = new ArrayList<>();
        session.visit(
                "SELECT d.dataset_id, d.name, d.digest, d.source_type, d.source, d.schema, d.profile, i.run_id FROM run_inputs i"
                        + " JOIN logged_datasets d ON d.dataset_id = i.dataset_id WHERE i.run_id" + among
                        + " ORDER BY d.dataset_id",
                row -> {
                    owners.add(row.getString(8));
                    return rows.add(Row.read(row));
                },
                runIds.toArray());
        if (rows.isEmpty()) {
            return inputs;
        }
        session.visit(
                "SELECT run_id, dataset_id, key, value FROM run_input_tags WHERE run_id" + among,
                row -> {
                    tags.computeIfAbsent(new Use(row.getString(1), row.getLong(2)), use -> new TreeMap<>())
                            .put(row.getString(3), row.getString(4));
                    return true;
                },
                runIds.toArray());
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            String owner = owners.get(i);
            inputs.computeIfAbsent(owner, id -> new ArrayList<>())
                    .add(row.tagged(tags.getOrDefault(new Use(owner, row.id()), Map.of())));
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
}
