package dev.millwright.registry;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Params, latest metrics and tags of many runs, in few statements. */
final class RunDetailRows {
    private final Map<String, Map<String, String>> params = new HashMap<>();
    private final Map<String, Map<String, Metric>> metrics = new HashMap<>();
    private final Map<String, Map<String, String>> tags = new HashMap<>();

    private RunDetailRows() {}

    /** By run id. */
    static Map<String, RunDetails> load(Session session, List<String> runIds) throws SQLException {
        RunDetailRows rows = new RunDetailRows();
        rows.read(session, runIds);
        Map<String, RunDetails> details = new HashMap<>();
        for (String id : runIds) {
            details.put(
                    id,
                    new RunDetails(
                            rows.params.getOrDefault(id, Map.of()),
                            rows.metrics.getOrDefault(id, Map.of()),
                            rows.tags.getOrDefault(id, Map.of())));
        }
        return details;
    }

    private void read(Session session, List<String> runIds) throws SQLException {
        Object[] ids = runIds.toArray();
        String among = " WHERE run_id IN (" + String.join(", ", java.util.Collections.nCopies(ids.length, "?")) + ")";
        readTexts(session, "SELECT run_id, key, value FROM params" + among, params, ids);
        readTexts(session, "SELECT run_id, key, value FROM tags" + among, tags, ids);
        session.visit(
                "SELECT run_id, key, step, timestamp, value, is_nan FROM latest_metrics" + among,
                row -> {
                    double value = row.getInt(6) == 1 ? Double.NaN : row.getDouble(5);
                    metrics.computeIfAbsent(row.getString(1), id -> new HashMap<>())
                            .put(
                                    row.getString(2),
                                    new Metric(
                                            row.getString(2), value, Micros.instant(row.getLong(4)), row.getLong(3)));
                    return true;
                },
                ids);
    }

    private static void readTexts(Session session, String sql, Map<String, Map<String, String>> into, Object[] ids)
            throws SQLException {
        session.visit(
                sql,
                row -> {
                    into.computeIfAbsent(row.getString(1), id -> new HashMap<>())
                            .put(row.getString(2), row.getString(3));
                    return true;
                },
                ids);
    }
}
