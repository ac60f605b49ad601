package dev.millwright.monitoring;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Predictions;
import dev.millwright.serving.PredictionEvent;
import dev.millwright.serving.protocol.OpenInferenceJson;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
    private static final String TENSORS = ", inputs VARCHAR, outputs VARCHAR";

    /** Tensors of more bytes are kept by their hash alone. */
    private static final int LARGEST_TENSOR = 4096;

    private static final String FIXED = "prediction_id VARCHAR, time TIMESTAMP, endpoint VARCHAR, model VARCHAR, "
            + "version INTEGER, role VARCHAR, client_id VARCHAR, entity VARCHAR, \"timestamp\" TIMESTAMP, "
            + "latency_us BIGINT, label VARCHAR";

    private @Nullable DuckDBConnection opened;

    /** The engine, started when it is first needed: loading it takes longer than everything else at a server's start. */
    private DuckDBConnection connection() throws SQLException {
        DuckDBConnection known = opened;
        if (known != null) {
            return known;
        }
        Connection fresh = DriverManager.getConnection("jdbc:duckdb:");
        try (Statement statement = fresh.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            // Files of a second's rows are small: more threads would only take the server's cores.
            statement.execute("SET threads = 1");
        } catch (SQLException e) {
            fresh.close();
            throw e;
        }
        known = fresh.unwrap(DuckDBConnection.class);
        opened = known;
        return known;
    }

    /** Writes events of one version, and so of one shape, into a new file. */
    void write(List<PredictionEvent> events, Path file) throws SQLException {
        try (Statement statement = connection().createStatement()) {
            statement.execute("CREATE OR REPLACE TABLE batch (" + FIXED
                    + columns(events.getFirst().exchange()) + ")");
            try (DuckDBAppender appender = connection().createAppender(DuckDBConnection.DEFAULT_SCHEMA, "batch")) {
                for (PredictionEvent event : events) {
                    append(appender, event);
                }
            }
            statement.execute("COPY batch TO " + literal(file) + " (FORMAT parquet)");
            statement.execute("DROP TABLE batch");
        }
    }

    private static String columns(PredictionEvent.Exchange exchange) {
        return switch (exchange) {
            case PredictionEvent.Rows rows -> columns(rows);
            case PredictionEvent.Tensors _ -> TENSORS;
        };
    }

    private static String columns(PredictionEvent.Rows rows) {
        StringBuilder columns = new StringBuilder();
        for (FeatureColumn column : rows.frame().columns()) {
            String type = switch (column) {
                case FeatureColumn.Numeric numeric -> "FLOAT";
                case FeatureColumn.Text text -> "VARCHAR";
            };
            columns.append(", ")
                    .append(quote(FEATURE + column.name()))
                    .append(' ')
                    .append(type);
        }
        switch (rows.predictions()) {
            case Predictions.Classes classes ->
                classes.classes()
                        .forEach(name -> columns.append(", ")
                                .append(quote(PROBABILITY + name))
                                .append(" FLOAT"));
            case Predictions.Values values ->
                columns.append(", ").append(PREDICTION).append(" FLOAT");
        }
        return columns.toString();
    }

    private static void append(DuckDBAppender appender, PredictionEvent event) throws SQLException {
        switch (event.exchange()) {
            case PredictionEvent.Rows rows -> {
                for (int row = 0; row < rows.rows(); row++) {
                    appender.beginRow();
                    appendRequest(appender, event, row);
                    appendKey(appender, rows, row);
                    appender.append(event.nanos() / 1000);
                    appendOutputs(appender, rows, row);
                    appender.endRow();
                }
            }
            case PredictionEvent.Tensors tensors -> {
                appender.beginRow();
                appendRequest(appender, event, 0);
                appender.appendNull();
                appender.appendNull();
                appender.append(event.nanos() / 1000);
                appender.appendNull();
                appender.append(OpenInferenceJson.writeTensors(tensors.inputs(), LARGEST_TENSOR));
                appender.append(OpenInferenceJson.writeTensors(tensors.outputs(), LARGEST_TENSOR));
                appender.endRow();
            }
        }
    }

    private static void appendRequest(DuckDBAppender appender, PredictionEvent event, int row) throws SQLException {
        appender.append(event.predictionId(row));
        appender.appendEpochMicros(micros(event.time()));
        appender.append(event.endpoint());
        appender.append(event.model());
        appender.append(event.version());
        appender.append(event.role().name());
        appendText(appender, event.clientId().orElse(""));
    }

    private static void appendKey(DuckDBAppender appender, PredictionEvent.Rows rows, int row) throws SQLException {
        if (rows.keys().isEmpty()) {
            appender.appendNull();
            appender.appendNull();
        } else {
            appender.append(rows.keys().get(row).entity());
            appender.appendEpochMicros(micros(rows.keys().get(row).timestamp()));
        }
    }

    private static void appendOutputs(DuckDBAppender appender, PredictionEvent.Rows rows, int row) throws SQLException {
        if (rows.predictions() instanceof Predictions.Classes classes) {
            appender.append(classes.classes().get(classes.labels()[row]));
        } else {
            appender.appendNull();
        }
        for (FeatureColumn column : rows.frame().columns()) {
            switch (column) {
                case FeatureColumn.Numeric(String name, float[] values) -> appendNumber(appender, values[row]);
                case FeatureColumn.Text(String name, String[] values) -> appendText(appender, values[row]);
            }
        }
        switch (rows.predictions()) {
            case Predictions.Classes classes -> {
                for (int c = 0; c < classes.classes().size(); c++) {
                    appendNumber(appender, classes.probability(row, c));
                }
            }
            case Predictions.Values(float[] values) -> appendNumber(appender, values[row]);
        }
    }

    private static void appendNumber(DuckDBAppender appender, float value) throws SQLException {
        if (Float.isNaN(value)) {
            appender.appendNull();
        } else {
            appender.append(value);
        }
    }

    private static void appendText(DuckDBAppender appender, String value) throws SQLException {
        if (value.isEmpty()) {
            appender.appendNull();
        } else {
            appender.append(value);
        }
    }

    /** Writes the rows of all into a new file, by time. */
    void merge(List<Path> files, Path merged) throws SQLException {
        try (Statement statement = connection().createStatement()) {
            statement.execute("COPY (SELECT * FROM " + parquet(files) + " ORDER BY time, prediction_id) TO "
                    + literal(merged) + " (FORMAT parquet)");
        }
    }

    /**
     * The rows of files of one version and role, by time; empty when there are none in that stretch, or when the version takes
     * tensors instead.
     */
    Optional<LoggedPredictions> read(List<Path> files, Instant from, Instant to) throws SQLException {
        try (Statement statement = connection().createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT *, epoch_us(time) AS time_us, epoch_us(\"timestamp\") AS "
                                + "timestamp_us FROM " + parquet(files) + " WHERE time >= make_timestamp("
                                + micros(from)
                                + ") AND time < make_timestamp(" + micros(to) + ") ORDER BY time, prediction_id")) {
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

    private static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String literal(Path path) {
        return '\'' + path.toAbsolutePath().toString().replace("'", "''") + '\'';
    }

    @Override
    public void close() throws SQLException {
        if (opened != null) {
            opened.close();
        }
    }
}
