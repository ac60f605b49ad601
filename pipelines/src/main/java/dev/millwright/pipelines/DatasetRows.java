package dev.millwright.pipelines;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.CoreError;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Schema;
import dev.millwright.data.DuckDb;
import dev.millwright.data.Lake;
import dev.millwright.registry.RecordedDataset;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads dataset versions row by row, as the row evaluator takes them. Thread-safe. */
public final class DatasetRows {
    private static final String ROW_ID = "_row_id";

    private final DuckDb duck;
    private final Lake lake;

    public DatasetRows(DuckDb duck, Lake lake) {
        this.duck = duck;
        this.lake = lake;
    }

    /** Takes one row after the other. */
    interface RowVisitor {
        /**
         * A row.
         *
         * @param values of the columns: Boolean, Long, Double, String, Long microseconds or null; the array is used again
         */
        void row(@Nullable Object[] values, long number);
    }

    /** Whether the version can still be read. */
    boolean has(RecordedDataset dataset) {
        return lake.versions(dataset.dataset()).stream()
                .anyMatch(version -> version.snapshot() == dataset.snapshot());
    }

    /** All rows, with their {@code _row_id}. */
    Iterable<Map<String, @Nullable Object>> all(RecordedDataset dataset, Schema columns) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        forEach(dataset, columns, rows::add);
        return rows;
    }

    /** Visits the rows in the order of their ids, as maps with {@code _row_id}. */
    void forEach(RecordedDataset dataset, Schema columns, Consumer<Map<String, @Nullable Object>> visitor) {
        visit(dataset, columns, (values, number) -> {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            for (int i = 0; i < values.length; i++) {
                Column column = columns.columns().get(i);
                Object value = values[i];
                row.put(
                        column.name(),
                        column.type() == ColumnType.TIMESTAMP && value instanceof Long micros
                                ? Instant.EPOCH.plus(micros, ChronoUnit.MICROS)
                                : value);
            }
            row.put(ROW_ID, number);
            visitor.accept(row);
        });
    }

    /** Visits the rows in the order of their ids. */
    void visit(RecordedDataset dataset, Schema columns, RowVisitor visitor) {
        String names = columns.columns().stream().map(DatasetRows::selected).collect(Collectors.joining(", "));
        String sql = "SELECT " + names + ", " + ROW_ID + " FROM "
                + lake.tableReference(lake.load(dataset.dataset(), dataset.snapshot())) + " ORDER BY " + ROW_ID;
        @Nullable Object[] values = new @Nullable Object[columns.columns().size()];
        try (Connection connection = duck.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                for (int i = 0; i < values.length; i++) {
                    values[i] = value(columns.columns().get(i), result, i + 1);
                }
                visitor.row(values, result.getLong(values.length + 1));
            }
        } catch (SQLException failed) {
            throw new MillwrightException(
                    CoreError.IO_FAILED,
                    "dataset: " + dataset.dataset() + " could not be read: " + failed.getMessage(),
                    failed);
        }
    }

    private static String selected(Column column) {
        String name = '"' + column.name().replace("\"", "\"\"") + '"';
        return column.type() == ColumnType.TIMESTAMP ? "epoch_us(" + name + ")" : name;
    }

    private static @Nullable Object value(Column column, ResultSet result, int index) throws SQLException {
        Object value = switch (column.type()) {
            case BOOLEAN -> result.getBoolean(index);
            case BIGINT, TIMESTAMP -> result.getLong(index);
            case DOUBLE -> result.getDouble(index);
            case VARCHAR -> result.getString(index);
        };
        return result.wasNull() ? null : value;
    }
}
