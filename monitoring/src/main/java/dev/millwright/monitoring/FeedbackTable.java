package dev.millwright.monitoring;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The labels in SQLite. A key is {@code id PREDICTION} or {@code row ENDPOINT ENTITY TIMESTAMP}; {@code at} is the time
 * of the prediction as the key tells it, in microseconds, so that a stretch of the log finds its labels by an index. For
 * one thread at a time.
 */
final class FeedbackTable implements AutoCloseable {
    private static final String ID = "id ";

    private final Connection connection;

    /** One stored label. */
    record Row(String key, long at, String label, long received) {}

    FeedbackTable(Path file) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA busy_timeout = 5000");
            statement.execute("CREATE TABLE IF NOT EXISTS feedback (key TEXT PRIMARY KEY, at INTEGER NOT NULL, "
                    + "label TEXT NOT NULL, received INTEGER NOT NULL, matched INTEGER NOT NULL DEFAULT 0, "
                    + "arrived INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID");
            statement.execute("CREATE INDEX IF NOT EXISTS feedback_at ON feedback (at)");
            addArrival(statement);
            statement.execute("CREATE INDEX IF NOT EXISTS feedback_arrived ON feedback (arrived, key)");
            statement.execute("CREATE INDEX IF NOT EXISTS feedback_waiting ON feedback (received) WHERE matched = 0");
            statement.execute("CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL)");
            statement.execute("INSERT OR IGNORE INTO counter VALUES ('expired', 0)");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Files of earlier releases don't know when a label came first. */
    private static void addArrival(Statement statement) throws SQLException {
        try (ResultSet column =
                statement.executeQuery("SELECT 1 FROM pragma_table_info('feedback') WHERE name = 'arrived'")) {
            if (column.next()) {
                return;
            }
        }
        statement.execute("ALTER TABLE feedback ADD COLUMN arrived INTEGER NOT NULL DEFAULT 0");
        statement.execute("UPDATE feedback SET arrived = received");
    }

    /**
     * A label as it came.
     *
     * @param arrived when it came first
     */
    record Arrival(String key, String label, long at, long arrived) {
        /** Where to go on after it. */
        String cursor() {
            return arrived + " " + key;
        }
    }

    /** The prediction that an {@linkplain Feedback.ById id} names. */
    static String predictionId(String key) {
        return key.substring(ID.length());
    }

    static String key(Feedback.Key key) {
        return switch (key) {
            case Feedback.ById(String id) -> ID + id;
            case Feedback.ByRow(String endpoint, var row) ->
                "row " + endpoint + ' ' + PredictionTable.micros(row.timestamp()) + ' ' + row.entity();
        };
    }

    /** When the prediction was made, or for a row key, the timestamp of its features. */
    static long at(Feedback.Key key) {
        return switch (key) {
            case Feedback.ById(String id) ->
                (UUID.fromString(id.substring(0, 36)).getMostSignificantBits() >>> 16) * 1000;
            case Feedback.ByRow(String endpoint, var row) -> PredictionTable.micros(row.timestamp());
        };
    }

    /** Something done in one transaction. */
    @FunctionalInterface
    interface Work {
        void run() throws SQLException;
    }

    /** All or nothing, durable when it returns. */
    void inTransaction(Work work) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            try {
                work.run();
                statement.execute("COMMIT");
            } catch (SQLException | RuntimeException e) {
                statement.execute("ROLLBACK");
                throw e;
            }
        }
    }

    /** Stores labels; the latest for a key wins. */
    void put(List<Row> rows) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO feedback "
                + "(key, at, label, received, arrived) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET label = excluded.label, received = "
                + "excluded.received WHERE excluded.received >= feedback.received")) {
            for (Row row : rows) {
                insert.setString(1, row.key());
                insert.setLong(2, row.at());
                insert.setString(3, row.label());
                insert.setLong(4, row.received());
                insert.setLong(5, row.received());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Labels by key, of those whose time is in the stretch. */
    Map<String, String> labels(long from, long to) throws SQLException {
        Map<String, String> labels = new HashMap<>();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT key, label FROM feedback WHERE at >= ? AND at <= ?")) {
            select.setLong(1, from);
            select.setLong(2, to);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    labels.put(rows.getString(1), rows.getString(2));
                }
            }
        }
        return labels;
    }

    /**
     * Labels by prediction id, in the order of their first arrival.
     *
     * @param after the cursor of the last one before; empty to begin
     * @param from when they came at the earliest, exclusive
     * @param until at the latest, inclusive
     */
    List<Arrival> arrivals(String after, long from, long until, int most) throws SQLException {
        int space = after.indexOf(' ');
        long arrived = space < 0 ? from : Long.parseLong(after.substring(0, space));
        List<Arrival> arrivals = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT key, label, at, arrived FROM feedback "
                + "WHERE (arrived, key) > (?, ?) AND arrived <= ? AND key LIKE 'id %' ORDER BY arrived, key LIMIT ?")) {
            select.setLong(1, arrived);
            select.setString(2, after.substring(space + 1));
            select.setLong(3, until);
            select.setInt(4, most);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    arrivals.add(new Arrival(rows.getString(1), rows.getString(2), rows.getLong(3), rows.getLong(4)));
                }
            }
        }
        return arrivals;
    }

    void markMatched(Iterable<String> keys) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE feedback SET matched = 1 WHERE key = ? AND matched = 0")) {
            for (String key : keys) {
                update.setString(1, key);
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    /** Deletes labels that have waited since before {@code received}, and says how many. */
    long expire(long received) throws SQLException {
        try (PreparedStatement delete =
                        connection.prepareStatement("DELETE FROM feedback WHERE matched = 0 AND received < ?");
                PreparedStatement count =
                        connection.prepareStatement("UPDATE counter SET value = value + ? WHERE name = 'expired'")) {
            delete.setLong(1, received);
            long expired = delete.executeUpdate();
            count.setLong(1, expired);
            count.executeUpdate();
            return expired;
        }
    }

    void empty() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM feedback");
            statement.execute("UPDATE counter SET value = 0");
        }
    }

    FeedbackCounts counts() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*), coalesce(sum(matched), 0), "
                        + "(SELECT value FROM counter WHERE name = 'expired') FROM feedback")) {
            row.next();
            return new FeedbackCounts(row.getLong(1), row.getLong(2), row.getLong(1) - row.getLong(2), row.getLong(3));
        }
    }

    static long received(Instant time) {
        return PredictionTable.micros(time);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
