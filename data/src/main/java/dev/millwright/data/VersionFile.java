package dev.millwright.data;

import dev.millwright.core.MillwrightException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/** The Parquet file of a version: DuckDB writes it, and its own footer gives Iceberg the metrics. */
final class VersionFile {
    private static final int ROW_GROUP = 122_880;

    private VersionFile() {}

    /**
     * Writes rows with the field ids of {@code schema}, by which Iceberg readers find columns.
     *
     * @param rows as {@link Ingestion#KEPT}
     */
    static void write(
            Session session, Path target, Schema schema, dev.millwright.core.Schema columns, String rows) {
        String ids = schema.columns().stream()
                .map(field -> Sql.identifier(field.name()) + ": " + field.fieldId())
                .collect(Collectors.joining(", "));
        DurableFiles.write(
                target,
                aside -> session.execute("COPY (" + Ingestion.output(columns, rows) + ") TO " + Sql.literal(aside)
                        + " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE " + ROW_GROUP + ", FIELD_IDS {" + ids
                        + "})"));
    }

    static DataFile describe(Session session, Path file, Schema schema) {
        try {
            return DataFiles.builder(PartitionSpec.unpartitioned())
                    .withPath(file.toString())
                    .withFormat(FileFormat.PARQUET)
                    .withFileSizeInBytes(Files.size(file))
                    .withMetrics(metrics(session, file, schema))
                    .build();
        } catch (IOException e) {
            throw new MillwrightException(DataError.LAKE_FAILED, file + ": has no size: " + e.getMessage(), e);
        }
    }

    private record ColumnMetrics(String name, long bytes, long values, long nulls) {}

    private static Metrics metrics(Session session, Path file, Schema schema) {
        List<ColumnMetrics> columns = session.query(
                "SELECT path_in_schema, sum(total_compressed_size), sum(num_values), sum(stats_null_count) FROM"
                        + " parquet_metadata(" + Sql.globLiteral(file) + ") GROUP BY path_in_schema",
                row -> new ColumnMetrics(row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4)));
        Map<Integer, Long> bytes = new HashMap<>();
        Map<Integer, Long> values = new HashMap<>();
        Map<Integer, Long> nulls = new HashMap<>();
        Map<Integer, Long> notNumbers = new HashMap<>();
        for (ColumnMetrics column : columns) {
            Types.NestedField field = schema.findField(column.name());
            if (field == null) {
                continue; // a name with dots, which Iceberg reads as a path; metrics are optional
            }
            bytes.put(field.fieldId(), column.bytes());
            values.put(field.fieldId(), column.values());
            nulls.put(field.fieldId(), column.nulls());
            if (field.type().equals(Types.DoubleType.get())) {
                notNumbers.put(field.fieldId(), 0L);
            }
        }
        long rows = session.count("SELECT num_rows FROM parquet_file_metadata(" + Sql.globLiteral(file) + ")");
        return new Metrics(rows, bytes, values, nulls, notNumbers);
    }
}
