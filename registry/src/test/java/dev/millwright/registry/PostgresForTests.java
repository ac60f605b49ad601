package dev.millwright.registry;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A real server of PostgreSQL, one for all tests of this JVM, with a schema of its own for each test. */
final class PostgresForTests {
    private static final AtomicInteger COUNTER = new AtomicInteger();
    /** Of the process and the folder that are its arguments; ten seconds are ten times what it needs on a busy machine. */
    private static final String END = """
            kill -QUIT "$0"
            for i in $(seq 100); do kill -0 "$0" || break; sleep 0.1; done
            kill -KILL "$0"
            rm -rf "$1"
            """;

    /** Started when first needed; ends with the JVM. */
    private static final class Server {
        static final EmbeddedPostgres RUNNING = start();

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setRegisterShutdownHook(false)
                        .start();
                Path data = dataOf(server);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(data), "postgres-end"));
                return server;
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    private PostgresForTests() {}

    private static Path dataOf(EmbeddedPostgres server) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW data_directory")) {
            row.next();
            return Path.of(row.getString(1));
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /**
     * Ends the server at once and without a checkpoint, which takes long after many tests; nobody needs the data again. SIGQUIT
     * says that to a postmaster, and pg_ctl refuses to work for root. What ends and removes it outlives this JVM, whose end
     * Surefire awaits for 30 s only.
     */
    private static void end(Path data) {
        try {
            String postmaster =
                    Files.readAllLines(data.resolve("postmaster.pid")).getFirst();
            new ProcessBuilder("sh", "-c", END, postmaster.strip(), data.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException failed) {
            throw new UncheckedIOException(data + ": the server could not be ended", failed);
        }
    }

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
