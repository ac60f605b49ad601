package dev.millwright.pipelines.jobs;

import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds to a table of jobs of an earlier release what it doesn't have yet. */
final class JobMigration {
    private static final List<String> ADDED = List.of("version", "headers", "webhook_receiver");

    private final Connection connection;

    JobMigration(Connection connection) {
        this.connection = connection;
    }

    /** All or nothing; does nothing to a table of this release. */
    void apply() throws SQLException {
        connection.setAutoCommit(false);
        try {
            for (String column : ADDED) {
                if (!has(column)) {
                    add(column);
                }
            }
            connection.commit();
        } catch (SQLException failed) {
            connection.rollback();
            throw failed;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private boolean has(String column) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT 1 FROM pragma_table_info('job') WHERE name = ?")) {
            statement.setString(1, column);
            try (ResultSet found = statement.executeQuery()) {
                return found.next();
            }
        }
    }

    private void add(String column) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE job ADD COLUMN " + column + " TEXT");
        }
        if (column.equals("webhook_receiver")) {
            addReceivers();
        }
    }

    /** Calls that are still to be made must be found by whom they are for. */
    private void addReceivers() throws SQLException {
        Map<String, String> receivers = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id, webhook FROM job WHERE webhook IS NOT NULL")) {
            while (rows.next()) {
                receivers.put(rows.getString(1), JobTable.WebhookCall.receiver(URI.create(rows.getString(2))));
            }
        }
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE job SET webhook_receiver = ? WHERE id = ?")) {
            for (Map.Entry<String, String> each : receivers.entrySet()) {
                statement.setString(1, each.getValue());
                statement.setString(2, each.getKey());
                statement.executeUpdate();
            }
        }
    }
}
