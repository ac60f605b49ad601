package dev.millwright.pipelines;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Schema;
import dev.millwright.data.DuckDb;
import dev.millwright.data.Lake;
import dev.millwright.data.RowReader;
import dev.millwright.data.Session;
import dev.millwright.plan.RowBlock;
import dev.millwright.registry.RecordedDataset;
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
        return lake.versions(dataset.dataset()).stream().anyMatch(version -> version.snapshot() == dataset.snapshot());
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

    /** The version as a table in DuckDB SQL, with {@code _row_id}. */
    String table(RecordedDataset dataset) {
        return lake.tableReference(lake.load(dataset.dataset(), dataset.snapshot()));
    }

    /** Visits the rows in the order of their ids. */
    void visit(RecordedDataset dataset, Schema columns, RowVisitor visitor) {
        List<ColumnType> types =
                new ArrayList<>(columns.columns().stream().map(Column::type).toList());
        int number = types.size();
        types.add(ColumnType.BIGINT);
        String names = columns.columns().stream().map(DatasetRows::selected).collect(Collectors.joining());
        String sql = "SELECT " + names + ROW_ID + " FROM " + table(dataset) + " ORDER BY " + ROW_ID;
        @Nullable Object[] values = new @Nullable Object[number];
        try (Session session = duck.session()) {
            RowReader.read(session, sql, types, block -> {
                for (int row = 0; row < block.rows(); row++) {
                    for (int i = 0; i < number; i++) {
                        values[i] = RowReader.value(block, i, row, types.get(i));
                    }
                    visitor.row(values, ((RowBlock.Longs) block.column(number)).values()[row]);
                }
            });
        }
    }

    private static String selected(Column column) {
        String name = '"' + column.name().replace("\"", "\"\"") + '"';
        return (column.type() == ColumnType.TIMESTAMP ? "epoch_us(" + name + ")" : name) + ", ";
    }
}
