package dev.millwright.monitoring;

import dev.millwright.monitoring.PredictionFiles.Group;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Prediction rows in Parquet, by way of an in-memory DuckDB: the columns of every prediction, then {@code feature.NAME}
 * for each feature and {@code probability.CLASS} for each class, or {@code prediction}; for models that take tensors {@code inputs}
 * and {@code outputs} as JSON. Missing features are null. For one thread at a time.
 */
final class PredictionTable implements AutoCloseable {
    static final String FEATURE = "feature.";
    static final String PROBABILITY = "probability.";
    static final String PREDICTION = "prediction";
    static final String ID = "prediction_id";
    static final String TIME = "time";
    static final String TIMESTAMP = "timestamp";
    /** A sixth of what the engine takes by itself: files grow by a fiftieth, and merging takes 40 MB instead of 110. */
    private static final int ROW_GROUP = 20_480;

    private @Nullable DuckDBConnection opened;
    private @Nullable PendingRows pending;
    private final Object ending = new Object();
    private Optional<Statement> running = Optional.empty();

    /**
     * The engine, started when it is first needed: loading it takes longer than everything else at a server's start.
     */
    private DuckDBConnection connection() throws SQLException {
        DuckDBConnection known = opened;
        if (known == null) {
            known = open();
            opened = known;
        }
        return known;
    }

    private static DuckDBConnection open() throws SQLException {
        Connection fresh = DriverManager.getConnection("jdbc:duckdb:");
        try (Statement statement = fresh.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            // Files of a second's rows are small: more threads would only take the server's cores.
            statement.execute("SET threads = 1");
        } catch (SQLException e) {
            fresh.close();
            throw e;
        }
        return fresh.unwrap(DuckDBConnection.class);
    }

    /** Writes a batch into a new file. */
    void write(PredictionBatch batch, Path file) throws SQLException {
        PendingRows known = pending;
        if (known == null) {
            known = PendingRows.register(connection());
            pending = known;
        }
        known.use(
                batch,
                rows -> execute("COPY (SELECT " + columns(batch) + " FROM " + rows + ") TO " + literal(file)
                        + " (FORMAT parquet, ROW_GROUP_SIZE " + ROW_GROUP + ")"));
    }

    /** Those of its rows, with what they have in common, and with moments as such. */
    private static String columns(PredictionBatch batch) {
        Group group = batch.group();
        return ID + ", make_timestamp(" + quote(TIME) + ") AS " + quote(TIME) + ", " + literal(group.endpoint())
                + " AS endpoint, " + literal(batch.model()) + " AS model, " + group.version() + "::INTEGER AS version, "
                + literal(group.role().name()) + " AS role, * EXCLUDE (" + ID + ", " + quote(TIME)
                + ") REPLACE (make_timestamp(" + quote(TIMESTAMP) + ") AS " + quote(TIMESTAMP) + ")";
    }

    /** Writes the rows of all into a new file, one after the other. */
    void merge(List<Path> files, Path merged) throws SQLException {
        // Not sorted, for that would hold all rows in memory at once: they are by time already, nearly, and sorted when
        // read. Groups of rows are held in memory too, some of them at a time.
        execute("COPY (SELECT * FROM " + parquet(files) + ") TO " + literal(merged)
                + " (FORMAT parquet, COMPRESSION zstd, "
                + "ROW_GROUP_SIZE " + ROW_GROUP + ")");
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection().createStatement()) {
            run(Optional.of(statement));
            try {
                statement.execute(sql);
            } finally {
                run(Optional.empty());
            }
        }
    }

    private void run(Optional<Statement> statement) {
        synchronized (ending) {
            running = statement;
        }
    }

    /** Ends what is being written, if anything is, with an error there. By any thread. */
    void cancel() throws SQLException {
        // A statement that was closed meanwhile can't be cancelled any more.
        synchronized (ending) {
            if (running.isPresent()) {
                running.get().cancel();
            }
        }
    }

    /**
     * The rows of files of one version and role, by time; empty when there are none in that stretch, or when the version takes
     * tensors instead.
     */
    Optional<LoggedPredictions> read(List<Path> files, Instant from, Instant to) throws SQLException {
        return select(files, from, to, "");
    }

    /** The same, only those with one of these ids. */
    Optional<LoggedPredictions> read(List<Path> files, Instant from, Instant to, Set<String> ids) throws SQLException {
        try (Statement statement = connection().createStatement()) {
            statement.execute("CREATE OR REPLACE TABLE wanted (id VARCHAR)");
            try (DuckDBAppender appender = connection().createAppender(DuckDBConnection.DEFAULT_SCHEMA, "wanted")) {
                for (String id : ids) {
                    appender.beginRow();
                    appender.append(id);
                    appender.endRow();
                }
            }
            return select(files, from, to, " AND prediction_id IN (SELECT id FROM wanted)");
        }
    }

    private Optional<LoggedPredictions> select(List<Path> files, Instant from, Instant to, String which)
            throws SQLException {
        try (Statement statement = connection().createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT *, epoch_us(time) AS time_us, epoch_us(\"timestamp\") AS "
                                + "timestamp_us FROM " + parquet(files) + " WHERE time >= make_timestamp("
                                + micros(from)
                                + ") AND time < make_timestamp(" + micros(to) + ")" + which
                                + " ORDER BY time, prediction_id")) {
            return new PredictionRowReader(rows.getMetaData()).read(rows);
        }
    }

    private static String parquet(List<Path> files) {
        return "read_parquet(["
                + files.stream().map(PredictionTable::literal).collect(Collectors.joining(", "))
                + "], hive_partitioning = false, union_by_name = true)";
    }

    static long micros(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1000);
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }

    static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String literal(Path path) {
        return literal(path.toAbsolutePath().toString());
    }

    static String literal(String text) {
        return '\'' + text.replace("'", "''") + '\'';
    }

    @Override
    public void close() throws SQLException {
        if (opened != null) {
            opened.close();
        }
    }
}
