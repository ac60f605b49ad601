package dev.millwright.monitoring;

import dev.millwright.monitoring.PredictionBatch.Column;
import dev.millwright.monitoring.PredictionBatch.Kind;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionBuilder;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;
import org.duckdb.DuckDBWritableVector;
import org.jspecify.annotations.Nullable;

/**
 * A function of the engine by which it reads the rows of a batch from where they were collected: {@code pending_predictions(NUMBER)}.
 * Putting them into a table of its own first takes as long again as writing the file.
 */
final class PendingRows implements DuckDBTableFunction<PredictionBatch, RowBlocks.Reader, Object> {
    private static final String NAME = "pending_predictions";

    private final Map<Long, PredictionBatch> open = new ConcurrentHashMap<>();
    private final AtomicLong opened = new AtomicLong();

    private PendingRows() {}

    /** Makes the function known to an engine. */
    static PendingRows register(DuckDBConnection connection) throws SQLException {
        PendingRows rows = new PendingRows();
        try (DuckDBTableFunctionBuilder function = DuckDBFunctions.tableFunction()) {
            function.withName(NAME)
                    .withParameter(DuckDBColumnType.BIGINT)
                    .withFunction(rows)
                    .register(connection);
        }
        return rows;
    }

    /** What to do with a batch while it can be read. */
    @FunctionalInterface
    interface Use {
        /**
         * Reads it.
         *
         * @param rows its rows, as SQL that stands for a table
         */
        void with(String rows) throws SQLException;
    }

    /** Lets a batch be read. */
    void use(PredictionBatch batch, Use use) throws SQLException {
        long number = opened.incrementAndGet();
        open.put(number, batch);
        try {
            use.with(NAME + '(' + number + ')');
        } finally {
            open.remove(number);
        }
    }

    @Override
    public PredictionBatch bind(DuckDBTableFunctionBindInfo info) throws SQLException {
        long number = info.getParameter(0).getLong();
        PredictionBatch batch = open.get(number);
        if (batch == null) {
            throw new SQLException("batch " + number + ": not open (expected: one of " + open.keySet() + ")");
        }
        for (Column column : batch.columns()) {
            info.addResultColumn(
                    column.name(),
                    switch (column.kind()) {
                        case TEXT -> DuckDBColumnType.VARCHAR;
                        case NUMBER -> DuckDBColumnType.FLOAT;
                        case MOMENT, COUNT -> DuckDBColumnType.BIGINT;
                    });
        }
        return batch;
    }

    @Override
    public RowBlocks.Reader init(DuckDBTableFunctionInitInfo info) {
        info.setMaxThreads(1);
        PredictionBatch batch = info.getBindData();
        return batch.read();
    }

    @Override
    public long apply(DuckDBTableFunctionCallInfo call, DuckDBDataChunkWriter chunk) {
        PredictionBatch batch = call.getBindData();
        RowBlocks.Reader rows = call.getInitData();
        int capacity = Math.toIntExact(chunk.capacity());
        List<Column> columns = batch.columns();
        DuckDBWritableVector[] vectors = new DuckDBWritableVector[columns.size()];
        byte[][][] texts = new byte[columns.size()][][];
        for (int c = 0; c < vectors.length; c++) {
            vectors[c] = chunk.vector(c);
            texts[c] = new byte[columns.get(c).kind() == Kind.TEXT ? capacity : 0][];
        }
        int row = 0;
        for (; row < capacity && rows.hasNext(); row++) {
            ByteBuffer from = rows.next();
            for (int c = 0; c < vectors.length; c++) {
                switch (columns.get(c).kind()) {
                    case TEXT -> texts[c][row] = text(from);
                    case NUMBER -> putNumber(vectors[c], row, from.getFloat());
                    case MOMENT -> putMoment(vectors[c], row, from.getLong());
                    case COUNT -> vectors[c].setLong(row, from.getLong());
                }
            }
        }
        for (int c = 0; c < vectors.length; c++) {
            if (columns.get(c).kind() == Kind.TEXT) {
                vectors[c].setStringUtf8Batch(0, Arrays.copyOf(texts[c], row));
            }
        }
        return row;
    }

    private static byte @Nullable [] text(ByteBuffer from) {
        int length = from.getInt();
        if (length == PredictionBatch.NO_TEXT) {
            return null;
        }
        byte[] text = new byte[length];
        from.get(text);
        return text;
    }

    private static void putNumber(DuckDBWritableVector vector, int row, float number) {
        if (Float.isNaN(number)) {
            vector.setNull(row);
        } else {
            vector.setFloat(row, number);
        }
    }

    private static void putMoment(DuckDBWritableVector vector, int row, long micros) {
        if (micros == PredictionBatch.NO_MOMENT) {
            vector.setNull(row);
        } else {
            vector.setLong(row, micros);
        }
    }
}
