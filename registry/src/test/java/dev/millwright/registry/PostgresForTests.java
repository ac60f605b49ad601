package dev.millwright.registry;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A real server of PostgreSQL, one for all tests of this JVM, with a schema of its own for each test. */
final class PostgresForTests {
    private static final AtomicInteger COUNTER = new AtomicInteger();

    /** Started when first needed; ends with the JVM. */
    private static final class Server {
        static final EmbeddedPostgres RUNNING = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder().start();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    private PostgresForTests() {}

    static DatabaseUrl emptySchema() {
        String name = "test_" + COUNTER.incrementAndGet();
        execute("CREATE SCHEMA " + name);
        return url(name);
    }

    static DatabaseUrl url(String schema) {
        return new DatabaseUrl(
                "localhost",
                Server.RUNNING.getPort(),
                "postgres",
                Optional.of("postgres"),
                Optional.empty(),
                Map.of("currentSchema", schema));
    }

    static void execute(String... statements) {
        try (Connection connection = Server.RUNNING.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
