package dev.millwright.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was logged to runs, however many: read in one statement, for each one costs a trip to the database. */
final class RunDetailRows {
    private static final String PARAM = "param";
    private static final String TAG = "tag";
    private static final String METRIC = "metric";
    private static final String MODEL = "model";
    private static final String INPUT = "input";

    private final Map<String, Map<String, String>> params = new HashMap<>();
    private final Map<String, Map<String, Metric>> metrics = new HashMap<>();
    private final Map<String, Map<String, String>> tags = new HashMap<>();
    private final Map<String, List<RunModel>> models = new HashMap<>();
    private final Set<String> readData = new LinkedHashSet<>();

    private RunDetailRows() {}

    static RunDetailRows load(Session session, List<String> runIds) throws SQLException {
        RunDetailRows rows = new RunDetailRows();
        Dialect dialect = session.dialect();
        Object ids = dialect.list(runIds);
        session.visit(
                statement(dialect.leadsTo("run_id")),
                row -> {
                    rows.take(row);
                    return true;
                },
                ids,
                ids,
                ids,
                ids,
                ids);
        return rows;
    }

    /** Columns: what it is, its run, two texts, two whole numbers, a number, and whether that stands for NaN. */
    private static String statement(String among) {
        String texts = " run_id, key, value, 0, 0, 0.0, 0 FROM ";
        return String.join(
                " UNION ALL ",
                "SELECT '" + PARAM + "'," + texts + "params WHERE " + among,
                "SELECT '" + TAG + "'," + texts + "tags WHERE " + among,
                "SELECT '" + METRIC + "', run_id, key, '', step, timestamp, value, is_nan FROM latest_metrics WHERE "
                        + among,
                "SELECT '" + MODEL + "', run_id, model_id, role, step, 0, 0.0, 0 FROM run_models WHERE " + among,
                "SELECT DISTINCT '" + INPUT + "', run_id, '', '', 0, 0, 0.0, 0 FROM run_inputs WHERE " + among);
    }

    private void take(ResultSet row) throws SQLException {
        String run = row.getString(2);
        String key = row.getString(3);
        String text = row.getString(4);
        switch (row.getString(1)) {
            case PARAM -> params.computeIfAbsent(run, id -> new HashMap<>()).put(key, text);
            case TAG -> tags.computeIfAbsent(run, id -> new HashMap<>()).put(key, text);
            case METRIC ->
                metrics.computeIfAbsent(run, id -> new HashMap<>())
                        .put(
                                key,
                                new Metric(
                                        key,
                                        row.getInt(8) == 1 ? Double.NaN : row.getDouble(7),
                                        Micros.instant(row.getLong(6)),
                                        row.getLong(5)));
            case MODEL ->
                models.computeIfAbsent(run, id -> new ArrayList<>())
                        .add(new RunModel(key, RunModel.Role.valueOf(text), row.getLong(5)));
            default -> readData.add(run);
        }
    }

    RunDetails details(String runId) {
        return new RunDetails(
                params.getOrDefault(runId, Map.of()),
                metrics.getOrDefault(runId, Map.of()),
                tags.getOrDefault(runId, Map.of()));
    }

    /** By step, then id. */
    List<RunModel> models(String runId) {
        return models.getOrDefault(runId, List.of()).stream()
                .sorted(Comparator.comparingLong(RunModel::step).thenComparing(RunModel::modelId))
                .toList();
    }

    /** Those of the runs that clients say read data. */
    List<String> readData() {
        return List.copyOf(readData);
    }
}
