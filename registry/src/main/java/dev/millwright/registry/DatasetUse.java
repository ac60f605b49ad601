package dev.millwright.registry;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was made from a version of a dataset.
 *
 * @param runs that read it, the newest first
 * @param running those of the runs that are under way
 * @param models that were trained on it, by name and version
 */
public record DatasetUse(List<String> runs, List<String> running, List<TrainedModel> models) {
    /** A model version, and the endpoints on which it is. */
    public record TrainedModel(String model, int version, List<String> endpoints) {
        public TrainedModel {
            endpoints = List.copyOf(endpoints);
        }

        public String id() {
            return model + "/" + version;
        }
    }

    public DatasetUse {
        runs = List.copyOf(runs);
        running = List.copyOf(running);
        models = List.copyOf(models);
    }

    static DatasetUse read(Session session, RecordedDataset version) throws SQLException {
        return new DatasetUse(
                runs(session, version, ""),
                runs(session, version, " AND r.status = 'RUNNING'"),
                models(session, version));
    }

    private static List<String> runs(Session session, RecordedDataset version, String condition) throws SQLException {
        return session.list(
                "SELECT r.run_id FROM runs r WHERE r.run_id IN (SELECT run_id FROM run_datasets WHERE dataset = ?"
                        + " AND version = ?)" + condition + " ORDER BY r.started DESC, r.run_id DESC",
                row -> row.getString(1),
                version.dataset(),
                version.version());
    }

    private static List<TrainedModel> models(Session session, RecordedDataset version) throws SQLException {
        Map<String, List<String>> endpoints = new TreeMap<>();
        session.visit("SELECT model, version, endpoint FROM endpoint_routes ORDER BY endpoint", row -> {
            endpoints
                    .computeIfAbsent(row.getString(1) + "/" + row.getInt(2), _ -> new ArrayList<>())
                    .add(row.getString(3));
            return true;
        });
        return session.list(
                "SELECT DISTINCT m.model, m.version FROM model_versions m JOIN run_datasets d ON d.run_id = m.run_id"
                        + " WHERE d.dataset = ? AND d.version = ? AND m.status <> 'DELETED'"
                        + " ORDER BY m.model, m.version",
                row -> new TrainedModel(
                        row.getString(1),
                        row.getInt(2),
                        endpoints.getOrDefault(row.getString(1) + "/" + row.getInt(2), List.of())),
                version.dataset(),
                version.version());
    }
}
