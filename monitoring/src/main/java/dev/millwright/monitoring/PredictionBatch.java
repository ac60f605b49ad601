package dev.millwright.monitoring;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Predictions;
import dev.millwright.monitoring.PredictionFiles.Group;
import dev.millwright.serving.PredictionEvent;
import dev.millwright.serving.protocol.OpenInferenceJson;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Predictions of one version, day and shape that are being collected into a table of the engine: so they cost the heap nothing, on
 * which a second of them would grow old. For one thread at a time.
 */
final class PredictionBatch {
    private static final String TENSORS = ", inputs VARCHAR, outputs VARCHAR";

    /** Tensors of more bytes are kept by their hash alone. */
    static final int LARGEST_TENSOR = 4096;

    /** What all rows have in common is not collected, but {@linkplain Sealed#columns() added} when they are written. */
    private static final String FIXED = "prediction_id VARCHAR, time TIMESTAMP, client_id VARCHAR, entity VARCHAR, "
            + "\"timestamp\" TIMESTAMP, latency_us BIGINT, label VARCHAR";

    private final String table;
    private final String model;
    private final PredictionEvent.Exchange shape;
    private final DuckDBAppender appender;
    private Held held = Held.NOTHING;

    private PredictionBatch(String table, PredictionEvent first, DuckDBAppender appender) {
        this.table = table;
        this.model = first.model();
        this.shape = first.exchange();
        this.appender = appender;
    }

    /** An empty one for predictions that look like {@code first}. */
    static PredictionBatch begin(DuckDBConnection connection, String table, PredictionEvent first) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + table + " (" + FIXED + columns(first.exchange()) + ")");
        }
        DuckDBAppender appender = connection.createAppender(DuckDBConnection.DEFAULT_SCHEMA, table);
        // Whoever collects may do it, one at a time, as the log's lock sees to.
        appender.unsafeBreakThreadConfinement();
        return new PredictionBatch(table, first, appender);
    }

    /** Whether the prediction has the columns of this batch; a version that was registered anew could have others. */
    boolean fits(PredictionEvent event) {
        return event.model().equals(model)
                && switch (event.exchange()) {
                    case PredictionEvent.Rows rows -> shape instanceof PredictionEvent.Rows first && alike(first, rows);
                    case PredictionEvent.Tensors _ -> shape instanceof PredictionEvent.Tensors;
                };
    }

    private static boolean alike(PredictionEvent.Rows one, PredictionEvent.Rows other) {
        List<FeatureColumn> columns = one.frame().columns();
        List<FeatureColumn> others = other.frame().columns();
        if (columns.size() != others.size() || !outputs(one).equals(outputs(other))) {
            return false;
        }
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).getClass() != others.get(i).getClass()
                    || !columns.get(i).name().equals(others.get(i).name())) {
                return false;
            }
        }
        return true;
    }

    private static List<String> outputs(PredictionEvent.Rows rows) {
        return switch (rows.predictions()) {
            case Predictions.Classes classes -> classes.classes();
            case Predictions.Values _ -> List.of();
        };
    }

    /** What was added. */
    Held held() {
        return held;
    }

    /** Ends the adding; the table stays, though without what was added last if that fails. */
    void close() throws SQLException {
        appender.close();
    }

    String table() {
        return table;
    }

    /** A table that is complete, for whoever writes it into a file of this group; nothing more can be added. */
    Sealed seal(Group group) throws SQLException {
        close();
        return new Sealed(group, model, table, held);
    }

    /** What becomes a file. */
    record Sealed(Group group, String model, String table, Held held) {
        /** The columns of its file, as SQL. */
        String columns() {
            return "prediction_id, time, " + PredictionTable.literal(group.endpoint()) + " AS endpoint, "
                    + PredictionTable.literal(model) + " AS model, " + group.version() + "::INTEGER AS version, "
                    + PredictionTable.literal(group.role().name()) + " AS role, * EXCLUDE (prediction_id, time)";
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
                    .append(PredictionTable.quote(PredictionTable.FEATURE + column.name()))
                    .append(' ')
                    .append(type);
        }
        switch (rows.predictions()) {
            case Predictions.Classes classes ->
                classes.classes()
                        .forEach(name -> columns.append(", ")
                                .append(PredictionTable.quote(PredictionTable.PROBABILITY + name))
                                .append(" FLOAT"));
            case Predictions.Values values ->
                columns.append(", ").append(PredictionTable.PREDICTION).append(" FLOAT");
        }
        return columns.toString();
    }

    /** Adds a prediction that {@linkplain #fits fits}; it counts even if that fails, after which the batch is of no use. */
    void add(PredictionEvent event, Held size) throws SQLException {
        held = held.plus(size);
        switch (event.exchange()) {
            case PredictionEvent.Rows rows -> {
                for (int row = 0; row < rows.rows(); row++) {
                    appender.beginRow();
                    appendRequest(event, row);
                    appendKey(rows, row);
                    appender.append(event.nanos() / 1000);
                    appendOutputs(rows, row);
                    appender.endRow();
                }
            }
            case PredictionEvent.Tensors tensors -> {
                appender.beginRow();
                appendRequest(event, 0);
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

    private void appendRequest(PredictionEvent event, int row) throws SQLException {
        appender.append(event.predictionId(row));
        appender.appendEpochMicros(PredictionTable.micros(event.time()));
        appendText(event.clientId().orElse(""));
    }

    private void appendKey(PredictionEvent.Rows rows, int row) throws SQLException {
        if (rows.keys().isEmpty()) {
            appender.appendNull();
            appender.appendNull();
        } else {
            appender.append(rows.keys().get(row).entity());
            appender.appendEpochMicros(
                    PredictionTable.micros(rows.keys().get(row).timestamp()));
        }
    }

    private void appendOutputs(PredictionEvent.Rows rows, int row) throws SQLException {
        if (rows.predictions() instanceof Predictions.Classes classes) {
            appender.append(classes.classes().get(classes.labels()[row]));
        } else {
            appender.appendNull();
        }
        for (FeatureColumn column : rows.frame().columns()) {
            switch (column) {
                case FeatureColumn.Numeric(String name, float[] values) -> appendNumber(values[row]);
                case FeatureColumn.Text(String name, String[] values) -> appendText(values[row]);
            }
        }
        switch (rows.predictions()) {
            case Predictions.Classes classes -> {
                for (int c = 0; c < classes.classes().size(); c++) {
                    appendNumber(classes.probability(row, c));
                }
            }
            case Predictions.Values(float[] values) -> appendNumber(values[row]);
        }
    }

    private void appendNumber(float value) throws SQLException {
        if (Float.isNaN(value)) {
            appender.appendNull();
        } else {
            appender.append(value);
        }
    }

    private void appendText(String value) throws SQLException {
        if (value.isEmpty()) {
            appender.appendNull();
        } else {
            appender.append(value);
        }
    }
}
