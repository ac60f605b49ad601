package dev.millwright.registry;

import dev.millwright.core.MillwrightException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;

/**
 * Connections to one database of PostgreSQL. Who owns the database holds an advisory lock on the very connection that it writes
 * with, so that nobody writes who does not own. Thread-safe.
 *
 * @param url where it is
 */
record PostgresServer(DatabaseUrl url) {
    private static final int OLDEST_VERSION = 14;
    /** "Mill" in ASCII; the second half of the lock's key is the schema. */
    private static final int LOCK = 0x4d696c6c;
    /** A connection that answers no more is given up by the server after half a minute, and with it the lock. */
    private static final String KEEPALIVE =
            "SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3";

    /** Connects to write, as the only one; {@link RegistryError#DATABASE_IN_USE} when another process does. */
    Session own() throws SQLException {
        Session session = connect();
        try {
            requireUsable(session);
            session.executeOnce(KEEPALIVE);
            // A server may be set to acknowledge commits that it has not written; 'local' and the like are its
            // operator's choice.
            session.executeOnce("SELECT set_config('synchronous_commit', 'on', false)"
                    + " WHERE current_setting('synchronous_commit') = 'off'");
            boolean owned = session.find(
                            "SELECT pg_try_advisory_lock(?, hashtext(current_schema()))",
                            row -> row.getBoolean(1),
                            LOCK)
                    .orElse(false);
            session.dialect().commit(session);
            if (!owned) {
                throw new MillwrightException(
                        RegistryError.DATABASE_IN_USE,
                        "database: " + url
                                + " is owned by another server (expected: a free one). Stop that, or name another"
                                + " database.");
            }
            return session;
        } catch (SQLException | RuntimeException failed) {
            session.closeAfter(failed);
            throw failed;
        }
    }

    /** Connects to read, one snapshot at a time. */
    Session read() throws SQLException {
        Session session = connect();
        try {
            // Searches stop after a page; compiling them takes longer than that.
            session.executeOnce("SET jit = off");
            session.dialect().commit(session);
            session.connection().setReadOnly(true);
            session.connection().setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            return session;
        } catch (SQLException failed) {
            session.closeAfter(failed);
            throw failed;
        }
    }

    private Session connect() throws SQLException {
        Properties properties = new Properties();
        properties.putAll(url.options());
        properties.setProperty("ApplicationName", "millwright");
        properties.setProperty("tcpKeepAlive", "true");
        url.user().ifPresent(user -> properties.setProperty("user", user));
        url.password()
                .or(() -> Optional.ofNullable(System.getenv("PGPASSWORD"))) // the driver looks in ~/.pgpass by itself
                .ifPresent(password -> properties.setProperty("password", password));
        Connection connection = DriverManager.getConnection(url.jdbc(), properties);
        Session session = new Session(connection, new PostgresDialect());
        try {
            connection.setAutoCommit(false);
            return session;
        } catch (SQLException failed) {
            session.closeAfter(failed);
            throw failed;
        }
    }

    private void requireUsable(Session session) throws SQLException {
        int version = session.connection().getMetaData().getDatabaseMajorVersion();
        if (version < OLDEST_VERSION) {
            throw new MillwrightException(
                    RegistryError.DATABASE_REFUSED,
                    "database: " + url + " is PostgreSQL " + version + " (expected: " + OLDEST_VERSION + " or newer)");
        }
        if (session.find("SELECT current_schema()", row -> Optional.ofNullable(row.getString(1)))
                .flatMap(schema -> schema)
                .isEmpty()) {
            throw new MillwrightException(
                    RegistryError.DATABASE_REFUSED,
                    "database: " + url
                            + " has no schema to work in (expected: the one that currentSchema names). Create it"
                            + " with: CREATE SCHEMA name");
        }
        String encoding =
                session.find("SHOW server_encoding", row -> row.getString(1)).orElse("");
        if (!encoding.equals("UTF8")) {
            throw new MillwrightException(
                    RegistryError.DATABASE_REFUSED,
                    "database: " + url + " has the encoding " + encoding
                            + " (expected: UTF8). Create one with: createdb -E UTF8 -T template0 NAME");
        }
    }
}
