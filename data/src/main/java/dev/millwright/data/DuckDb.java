package dev.millwright.data;

import dev.millwright.core.CoreError;
import dev.millwright.core.MillwrightException;
import dev.millwright.plan.StagedQuery;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * One embedded DuckDB, in memory and spilling to a temporary folder. Sessions run in UTC whatever the machine says; no
 * extension is loaded or fetched, and the configuration is locked, so no SQL text can change that.
 *
 * <p>Thread-safe: each thread takes a connection of its own with {@link #connect()} and closes it.
 */
public final class DuckDb implements AutoCloseable {
    /** What systems say when a file can't grow: by the disk, a quota or a limit of the process. */
    private static final List<String> FULL = List.of("no space left", "quota exceeded", "file too large");

    /**
     * How much of the machine the engine may use.
     *
     * @param memoryMegabytes beyond which it spills to {@code temporary}
     * @param temporary a folder for spilled and staged data, made when absent; nothing in it outlives its use
     */
    public record Settings(long memoryMegabytes, int threads, Path temporary) {
        public Settings {
            if (memoryMegabytes < 64) {
                throw new IllegalArgumentException("memory: " + memoryMegabytes + " MB (expected: at least 64 MB)");
            }
            if (threads < 1) {
                throw new IllegalArgumentException("threads: " + threads + " (expected: at least 1)");
            }
            temporary = temporary.toAbsolutePath().normalize();
        }

        /** Every core, and a third of the memory: the rest is for training and for the page cache. */
        public static Settings ofThisMachine(Path temporary) {
            long bytes = ManagementFactory.getOperatingSystemMXBean()
                            instanceof com.sun.management.OperatingSystemMXBean machine
                    ? machine.getTotalMemorySize()
                    : Runtime.getRuntime().maxMemory();
            return new Settings(
                    Math.max(512, bytes / 3 / 1_000_000), Runtime.getRuntime().availableProcessors(), temporary);
        }
    }

    private final Settings settings;
    private @Nullable DuckDBConnection root;
    private @Nullable WindowRows windows;
    private boolean closed;

    /** Prepares an engine; it starts with the first connection, since loading it takes a good part of a second. */
    public DuckDb(Settings settings) {
        this.settings = settings;
        try {
            Files.createDirectories(settings.temporary());
        } catch (IOException e) {
            throw new MillwrightException(
                    CoreError.IO_FAILED,
                    "temporary folder: " + settings.temporary() + " (expected: a writable folder): " + e.getMessage(),
                    e);
        }
    }

    private DuckDBConnection root() {
        if (closed) {
            throw new MillwrightException(DataError.ENGINE_FAILED, "duckdb: closed already (expected: an open engine)");
        }
        DuckDBConnection known = root;
        if (known == null) {
            try {
                known = open(settings);
                windows = WindowRows.register(this, known);
            } catch (SQLException e) {
                throw failure("start", e);
            }
            root = known;
        }
        return known;
    }

    private static DuckDBConnection open(Settings settings) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("memory_limit", settings.memoryMegabytes() + "MB");
        properties.setProperty("threads", Integer.toString(settings.threads()));
        properties.setProperty("temp_directory", settings.temporary().toString());
        properties.setProperty("autoinstall_known_extensions", "false");
        properties.setProperty("autoload_known_extensions", "false");
        properties.setProperty("allow_community_extensions", "false");
        DuckDBConnection connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", properties);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET GLOBAL TimeZone = 'UTC'");
            statement.execute("SET GLOBAL lock_configuration = true");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    /** A connection to the one database; temporary tables are its own. Close it. */
    public synchronized Connection connect() {
        try {
            return root().duplicate();
        } catch (SQLException e) {
            throw failure("connect", e);
        }
    }

    /** A connection as {@link #connect()} gives it, with errors of this room. Close it. */
    public Session session() {
        return new Session(connect());
    }

    /** Lets a session run the SQL of a view until the reading is closed. */
    WindowRows.Reading read(Session session, StagedQuery view) {
        WindowRows known = windows;
        if (known == null) {
            throw new IllegalStateException("there is a session, so the engine has started");
        }
        return known.open(session, view);
    }

    Path temporary() {
        return settings.temporary();
    }

    @Override
    public synchronized void close() {
        closed = true;
        try {
            if (root != null) {
                root.close();
            }
        } catch (SQLException e) {
            throw failure("close", e);
        }
    }

    static MillwrightException failure(String what, SQLException cause) {
        String message = String.valueOf(cause.getMessage());
        String lower = message.toLowerCase(Locale.ROOT);
        boolean exhausted = lower.startsWith("out of memory") || FULL.stream().anyMatch(lower::contains);
        boolean broken = lower.contains("failed to read file");
        return new MillwrightException(
                exhausted ? DataError.ENGINE_EXHAUSTED : broken ? DataError.SOURCE_UNREADABLE : DataError.ENGINE_FAILED,
                "duckdb: could not " + what + ": " + message
                        + (exhausted ? " (free some disk or memory, or give the engine more)" : "")
                        + (broken ? " (expected: a whole file; write or copy it again)" : ""),
                cause);
    }
}
