package dev.millwright.registry;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tables {@code metrics} and {@code latest_metrics}. */
final class MetricRows {
    private MetricRows() {}

    static void insert(Transaction transaction, String runId, Metric metric) throws SQLException {
        boolean nan = Double.isNaN(metric.value());
        Object[] row = {runId, metric.key(), metric.step(), metric.timestamp(), nan ? 0.0 : metric.value(), nan};
        transaction.update(
                "INSERT INTO metrics (run_id, key, step, timestamp, value, is_nan) VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING",
                row);
        transaction.update(
                "INSERT INTO latest_metrics (run_id, key, step, timestamp, value, is_nan) VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (run_id, key) DO UPDATE SET step = excluded.step,"
                        + " timestamp = excluded.timestamp, value = excluded.value, is_nan = excluded.is_nan"
                        + " WHERE (excluded.step, excluded.timestamp, excluded.value)"
                        + " >= (latest_metrics.step, latest_metrics.timestamp, latest_metrics.value)",
                row);
    }

    static List<Metric> history(Session session, String runId, String key) throws SQLException {
        RunRows.require(session, runId);
        return session.list(
                "SELECT step, timestamp, value, is_nan FROM metrics WHERE run_id = ? AND key = ?"
                        + " ORDER BY step, timestamp, value",
                row -> new Metric(
                        key,
                        row.getInt(4) == 1 ? Double.NaN : row.getDouble(3),
                        Micros.instant(row.getLong(2)),
                        row.getLong(1)),
                runId,
                key);
    }

    /** A part of them, as clients page through it: by time, then step. */
    static List<Metric> history(Session session, String runId, String key, int size, long offset) throws SQLException {
        RunRows.require(session, runId);
        return session.list(
                "SELECT step, timestamp, value, is_nan FROM metrics WHERE run_id = ? AND key = ?"
                        + " ORDER BY timestamp, step, value LIMIT ? OFFSET ?",
                row -> new Metric(
                        key,
                        row.getInt(4) == 1 ? Double.NaN : row.getDouble(3),
                        Micros.instant(row.getLong(2)),
                        row.getLong(1)),
                runId,
                key,
                size,
                offset);
    }

    static Map<String, Metric> latest(Session session, String runId) throws SQLException {
        Map<String, Metric> latest = new TreeMap<>();
        session.visit(
                "SELECT key, step, timestamp, value, is_nan FROM latest_metrics WHERE run_id = ?",
                row -> {
                    double value = row.getInt(5) == 1 ? Double.NaN : row.getDouble(4);
                    latest.put(
                            row.getString(1),
                            new Metric(row.getString(1), value, Micros.instant(row.getLong(3)), row.getLong(2)));
                    return true;
                },
                runId);
        return latest;
    }
}
