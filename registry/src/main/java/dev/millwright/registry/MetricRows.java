package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The tables {@code metrics} and {@code latest_metrics}. */
final class MetricRows {
    private static final String COLUMNS = "(run_id, key, step, timestamp, value, is_nan)";
    /** The rows come where {@code %s} is. */
    static final String INSERT = "INSERT INTO metrics " + COLUMNS + " %s ON CONFLICT DO NOTHING";

    /** Keeps the value of the highest step, then time, then value; each run and key may come once only. */
    static final String UPSERT = "INSERT INTO latest_metrics " + COLUMNS
            + " %s ON CONFLICT (run_id, key) DO UPDATE SET step = excluded.step,"
            + " timestamp = excluded.timestamp, value = excluded.value, is_nan = excluded.is_nan"
            + " WHERE (excluded.step, excluded.timestamp, excluded.value)"
            + " >= (latest_metrics.step, latest_metrics.timestamp, latest_metrics.value)";

    private MetricRows() {}

    /** Adds values; those that are there already are kept once. */
    static void insert(Transaction transaction, List<MetricRow> rows) throws SQLException {
        if (!rows.isEmpty()) {
            transaction.dialect().insertMetrics(transaction, rows);
        }
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

    private record Row(long timestamp, long step, double value, int nan) {
        static Row read(ResultSet row) throws SQLException {
            return new Row(row.getLong(1), row.getLong(2), row.getDouble(3), row.getInt(4));
        }

        static Row ofToken(String token) {
            String[] parts = new String(Base64.getDecoder().decode(token), StandardCharsets.US_ASCII).split(" ");
            if (parts.length != 4) {
                throw new IllegalArgumentException("parts: " + parts.length);
            }
            return new Row(
                    Long.parseLong(parts[0]),
                    Long.parseLong(parts[1]),
                    Double.parseDouble(parts[2]),
                    Integer.parseInt(parts[3]));
        }

        String token() {
            String text = timestamp + " " + step + " " + value + " " + nan;
            return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
        }

        Metric metric(String key) {
            return new Metric(key, nan == 1 ? Double.NaN : value, Micros.instant(timestamp), step);
        }
    }

    /** A part of them, as clients page through it: by time, then step. */
    static Page<Metric> history(Session session, String runId, String key, int size, Optional<String> token)
            throws SQLException {
        RunRows.require(session, runId);
        List<Object> arguments = new ArrayList<>(List.of(runId, key));
        token.map(MetricRows::after).ifPresent(row -> {
            arguments.add(row.timestamp());
            arguments.add(row.step());
            arguments.add(row.value());
            arguments.add(row.nan());
        });
        arguments.add(size + 1L);
        List<Row> rows = session.list(
                "SELECT timestamp, step, value, is_nan FROM metrics WHERE run_id = ? AND key = ?"
                        + (token.isPresent() ? " AND (timestamp, step, value, is_nan) > (?, ?, ?, ?)" : "")
                        + " ORDER BY timestamp, step, value, is_nan LIMIT ?",
                Row::read,
                arguments.toArray());
        List<Row> page = rows.size() > size ? rows.subList(0, size) : rows;
        return new Page<>(
                page.stream().map(row -> row.metric(key)).toList(),
                rows.size() > size ? Optional.of(page.getLast().token()) : Optional.empty());
    }

    private static Row after(String token) {
        try {
            return Row.ofToken(token);
        } catch (IllegalArgumentException malformed) {
            throw new InvalidInputException(
                    "Invalid page token: " + token + " (expected: the one that the page before gave)");
        }
    }
}
