package dev.millwright.data;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBConnection;

/** A DuckDB connection whose failures are this room's errors. For one thread. */
public final class Session implements AutoCloseable {
    private final Connection connection;

    Session(Connection connection) {
        this.connection = connection;
    }

    /** Turns the row that a result set stands on into a value. */
    @FunctionalInterface
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Takes the row that a result set stands on. */
    @FunctionalInterface
    public interface Visitor {
        void visit(ResultSet row) throws SQLException;
    }

    DuckDBConnection connection() {
        return (DuckDBConnection) connection;
    }

    public void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw DuckDb.failure("run a statement", e);
        }
    }

    public <T> List<T> query(String sql, Row<T> row) {
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            List<T> rows = new ArrayList<>();
            while (results.next()) {
                rows.add(row.read(results));
            }
            return rows;
        } catch (SQLException e) {
            throw DuckDb.failure("run a query", e);
        }
    }

    /** Reads rows one by one, keeping none. */
    public void forEach(String sql, Visitor visitor) {
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            while (results.next()) {
                visitor.visit(results);
            }
        } catch (SQLException e) {
            throw DuckDb.failure("run a query", e);
        }
    }

    /** The only row of an aggregate. */
    public <T> T single(String sql, Row<T> row) {
        return query(sql, row).getFirst();
    }

    public long count(String sql) {
        return single(sql, row -> row.getLong(1));
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw DuckDb.failure("close a connection", e);
        }
    }
}
