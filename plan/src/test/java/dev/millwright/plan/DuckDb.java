package dev.millwright.plan;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Schema;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An in-memory DuckDB with tables as plans expect them. */
final class DuckDb implements AutoCloseable {
    private final Connection connection;

    DuckDb() throws SQLException {
        connection = DriverManager.getConnection("jdbc:duckdb:");
        execute("SET TimeZone = 'UTC'");
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Creates a table and numbers its rows from 0. */
    void table(String name, Schema schema, List<? extends Map<String, ? extends @Nullable Object>> rows)
            throws SQLException {
        String columns = schema.columns().stream()
                .map(column -> "\"" + column.name() + "\" " + column.type())
                .collect(Collectors.joining(", "));
        execute("CREATE TABLE \"" + name + "\" (" + columns + ", _row_id BIGINT)");
        String marks = "?, ".repeat(schema.columns().size()) + "?";
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO \"" + name + "\" VALUES (" + marks + ")")) {
            long id = 0;
            for (Map<String, ? extends @Nullable Object> row : rows) {
                int at = 1;
                for (Column column : schema.columns()) {
                    Object value = row.get(column.name());
                    insert.setObject(
                            at++,
                            value instanceof Instant instant
                                    ? LocalDateTime.ofInstant(instant, ZoneOffset.UTC)
                                    : value);
                }
                insert.setLong(at, id++);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** The plan's rows, in the order of their ids, with timestamps as instants. */
    List<Map<String, @Nullable Object>> rows(FeaturePlan plan) throws SQLException {
        return query("SELECT * FROM (" + plan.duckDbSql(table -> "\"" + table + "\"") + ") ORDER BY _row_id");
    }

    List<Map<String, @Nullable Object>> query(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<Map<String, @Nullable Object>> rows = new ArrayList<>();
            while (result.next()) {
                Map<String, @Nullable Object> row = new LinkedHashMap<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.put(result.getMetaData().getColumnLabel(i), value(result, i));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    private static @Nullable Object value(ResultSet result, int index) throws SQLException {
        boolean timestamp = result.getMetaData().getColumnTypeName(index).equals(ColumnType.TIMESTAMP.name());
        if (!timestamp) {
            return result.getObject(index);
        }
        LocalDateTime time = result.getObject(index, LocalDateTime.class);
        return time == null ? null : time.toInstant(ZoneOffset.UTC);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
