package dev.millwright.registry;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** SQL on one connection, with its prepared statements kept. Confined to the thread that holds it. */
sealed class Session implements AutoCloseable permits Transaction {
    /** More than the distinct statements of this room; a bound, so that composed filters cannot pile up. */
    private static final int MAX_STATEMENTS = 200;

    private final Connection connection;
    private final Dialect dialect;
    private final LinkedHashMap<String, PreparedStatement> statements;
    private boolean changed;

    /** Opens one connection. */
    @FunctionalInterface
    interface Opener {
        Session open() throws SQLException;
    }

    /** Turns the current row into a value. */
    @FunctionalInterface
    interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** Takes rows one by one. */
    @FunctionalInterface
    interface RowVisitor {
        /** Returns whether to go on. */
        boolean visit(ResultSet row) throws SQLException;
    }

    Session(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
        this.statements = new LinkedHashMap<>(64, 0.75f, true);
    }

    Session(Session shared) {
        this.connection = shared.connection;
        this.dialect = shared.dialect;
        this.statements = shared.statements;
    }

    final Connection connection() {
        return connection;
    }

    final Dialect dialect() {
        return dialect;
    }

    /** Whether rows were changed through this object. */
    final boolean hasChanged() {
        return changed;
    }

    final <T> List<T> list(String sql, RowMapper<T> mapper, @Nullable Object... arguments) throws SQLException {
        List<T> rows = new ArrayList<>();
        visit(
                sql,
                row -> {
                    rows.add(mapper.map(row));
                    return true;
                },
                arguments);
        return List.copyOf(rows);
    }

    final <T> Optional<T> find(String sql, RowMapper<T> mapper, @Nullable Object... arguments) throws SQLException {
        return list(sql, mapper, arguments).stream().findFirst();
    }

    final boolean exists(String sql, @Nullable Object... arguments) throws SQLException {
        return find(sql, row -> true, arguments).isPresent();
    }

    final void visit(String sql, RowVisitor visitor, @Nullable Object... arguments) throws SQLException {
        using(sql, arguments, statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                boolean more = true;
                while (more && rows.next()) {
                    more = visitor.visit(rows);
                }
                return more;
            }
        });
    }

    /** Rows of two texts, by the first. */
    final Map<String, String> texts(String sql, @Nullable Object... arguments) throws SQLException {
        Map<String, String> texts = new TreeMap<>();
        visit(
                sql,
                row -> {
                    texts.put(row.getString(1), row.getString(2));
                    return true;
                },
                arguments);
        return texts;
    }

    /** Runs an INSERT, UPDATE or DELETE; returns the rows changed. */
    final int update(String sql, @Nullable Object... arguments) throws SQLException {
        int rows = using(sql, arguments, PreparedStatement::executeUpdate);
        changed |= rows > 0;
        return rows;
    }

    /** Runs the same INSERT, UPDATE or DELETE for each row of arguments, in one round trip; returns the rows changed by each. */
    final int[] updateAll(String sql, List<@Nullable Object[]> rows) throws SQLException {
        if (rows.isEmpty()) {
            return new int[0];
        }
        changed = true;
        List<@Nullable Object[]> bound =
                rows.stream().map(this::stored).toList(); // a refusal leaves no half batch behind
        return using(sql, new Object[0], statement -> {
            for (@Nullable Object[] row : bound) {
                bind(statement, row);
                statement.addBatch();
            }
            return statement.executeBatch();
        });
    }

    /** Runs a statement that gives no rows. */
    final void execute(String sql) throws SQLException {
        using(sql, new Object[0], PreparedStatement::execute);
    }

    private interface Use<T> {
        T run(PreparedStatement statement) throws SQLException;
    }

    private <T> T using(String sql, @Nullable Object[] arguments, Use<T> use) throws SQLException {
        try {
            PreparedStatement statement = prepared(sql);
            bind(statement, stored(arguments));
            return use.run(statement);
        } catch (SQLException failed) {
            forget(sql, failed); // the driver does not run a statement again that failed
            throw failed;
        }
    }

    private @Nullable Object[] stored(@Nullable Object[] arguments) {
        @Nullable Object[] stored = new Object[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            Object value = stored(arguments[i]);
            stored[i] = value == null ? null : dialect.stored(value);
        }
        return stored;
    }

    private static void bind(PreparedStatement statement, @Nullable Object[] arguments) throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
    }

    /** Runs a statement once, without keeping it: schema changes and pragmas. */
    final void executeOnce(String sql) throws SQLException {
        changed = true;
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void forget(String sql, SQLException why) {
        PreparedStatement broken = statements.remove(sql);
        try {
            if (broken != null) {
                broken.close();
            }
        } catch (SQLException unclosed) { // what went wrong first says more
            why.addSuppressed(unclosed);
        }
    }

    private static @Nullable Object stored(@Nullable Object argument) {
        return switch (argument) {
            case null -> null;
            case Optional<?> optional -> stored(optional.orElse(null));
            case Instant instant -> Micros.of(instant);
            case Enum<?> constant -> constant.name();
            case Boolean flag -> flag ? 1 : 0;
            default -> argument;
        };
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement kept = statements.get(sql);
        if (kept != null) {
            return kept;
        }
        if (statements.size() >= MAX_STATEMENTS) {
            statements.pollFirstEntry().getValue().close();
        }
        PreparedStatement statement = connection.prepareStatement(sql);
        statements.put(sql, statement);
        return statement;
    }

    /** Closes a connection that failed; what goes wrong now is told with the failure. */
    final void closeAfter(Throwable failure) {
        try {
            close();
        } catch (SQLException unclosed) {
            failure.addSuppressed(unclosed);
        }
    }

    /** Closes the connection, and with it all statements. */
    @Override
    public final void close() throws SQLException {
        for (PreparedStatement statement : statements.values()) {
            statement.close();
        }
        statements.clear();
        connection.close();
    }
}
