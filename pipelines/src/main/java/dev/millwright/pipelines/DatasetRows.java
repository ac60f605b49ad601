package dev.millwright.pipelines;

import dev.millwright.core.Column;
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
import java.time.LocalDateTime;
import java.time.ZoneOffset;
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

    /** All rows, with their {@code _row_id}. */
    Iterable<Map<String, Object>> all(RecordedDataset dataset, Schema columns) {
        List<Map<String, Object>> rows = new ArrayList<>();
        forEach(dataset, columns, rows::add);
        return rows;
    }

    /** Visits the rows in the order of their ids. */
    void forEach(RecordedDataset dataset, Schema columns, Consumer<Map<String, Object>> visitor) {
        String names = columns.columns().stream()
                .map(column -> '"' + column.name().replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(", "));
        String sql = "SELECT " + names + ", " + ROW_ID + " FROM "
                + lake.tableReference(lake.load(dataset.dataset(), dataset.snapshot())) + " ORDER BY " + ROW_ID;
        try (Connection connection = duck.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                visitor.accept(row(columns, result));
            }
        } catch (SQLException failed) {
            throw new MillwrightException(
                    CoreError.IO_FAILED,
                    "dataset: " + dataset.dataset() + " could not be read: " + failed.getMessage(),
                    failed);
        }
    }

    private static Map<String, Object> row(Schema columns, ResultSet result) throws SQLException {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        int index = 1;
        for (Column column : columns.columns()) {
            row.put(column.name(), value(column, result, index++));
        }
        row.put(ROW_ID, result.getLong(index));
        return castNullable(row);
    }

    /** Null means missing in a row; the maps of the evaluator allow it though their type cannot say so. */
    @SuppressWarnings({"unchecked", "NullAway"})
    private static Map<String, Object> castNullable(Map<String, @Nullable Object> row) {
        return (Map<String, Object>) (Map<String, ?>) row;
    }

    private static @Nullable Object value(Column column, ResultSet result, int index) throws SQLException {
        Object value = switch (column.type()) {
            case BOOLEAN -> result.getBoolean(index);
            case BIGINT -> result.getLong(index);
            case DOUBLE -> result.getDouble(index);
            case VARCHAR -> result.getString(index);
            case TIMESTAMP -> instant(result.getObject(index, LocalDateTime.class));
        };
        return result.wasNull() ? null : value;
    }

    private static @Nullable Instant instant(@Nullable LocalDateTime value) {
        return value == null ? null : value.toInstant(ZoneOffset.UTC);
    }
}
