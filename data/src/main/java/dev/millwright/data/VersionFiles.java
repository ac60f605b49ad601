package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The Parquet files of a version: DuckDB writes them with the field ids by which Iceberg readers find columns. Their names sort as
 * they were written, so that a version is always read in the same order.
 */
final class VersionFiles {
    private static final int ROW_GROUP = 122_880;

    /** Of a laid out table in one file: enough to read at once, few enough to leave out. */
    private static final long LARGEST_FILE = 4_194_304;

    /** More files than that say nothing that bounds don't, and cost each reader a look. */
    private static final int MOST_PARTITIONS = 2_000;

    private static final String LAID_OUT = "laid_out_rows";

    private final Session session;
    private final Path folder;
    private final Table table;
    private final Layout layout;
    private final String name;
    private int written;

    private VersionFiles(Session session, Path folder, Table table, Layout layout, long now) {
        this.session = session;
        this.folder = folder;
        this.table = table;
        this.layout = layout;
        this.name = String.format(Locale.ROOT, "%013x-%s", now, UUID.randomUUID());
    }

    /**
     * Writes rows as the table's spec and order say.
     *
     * @param rows a query of the values of {@code columns}, in their order, and of the id of the row
     * @param now milliseconds since 1970
     */
    static List<DataFile> write(
            Session session, Path folder, Table table, String rows, dev.millwright.core.Schema columns, long now) {
        Layout layout = TableLayout.of(table);
        VersionFiles files = new VersionFiles(session, folder, table, layout, now);
        return layout.isNone()
                ? List.of(files.write(files.stored(rows, columns), new Tuple(new Object[0])))
                : files.laidOut(rows, columns);
    }

    /** Whether rows that lie in these files would lie in fewer, or otherwise, if they were written now. */
    static boolean canBeFewer(Table table, List<DataFile> files) {
        boolean laidOut = !TableLayout.of(table).isNone();
        Map<List<@Nullable Object>, Long> rows = new HashMap<>();
        for (DataFile file : files) {
            int order = Objects.requireNonNullElse(
                    file.sortOrderId(), SortOrder.unsorted().orderId());
            if (file.specId() != table.spec().specId()
                    || order != table.sortOrder().orderId()) {
                return true;
            }
            rows.merge(values(file.partition()), file.recordCount(), Long::sum);
        }
        long needed = rows.values().stream()
                .mapToLong(count -> laidOut ? Math.ceilDiv(count, LARGEST_FILE) : 1)
                .sum();
        return needed < files.size();
    }

    private static List<@Nullable Object> values(StructLike partition) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < partition.size(); i++) {
            Object value = partition.get(i, Object.class);
            values.add(value instanceof CharSequence text ? text.toString() : value);
        }
        return values;
    }

    /** The values by which the rows of a file are parted; a missing one is null. */
    private record Tuple(Object[] values) implements StructLike {
        @Override
        public int size() {
            return values.length;
        }

        @Override
        public <T> T get(int position, Class<T> type) {
            return type.cast(values[position]);
        }

        @Override
        public <T> void set(int position, T value) {
            throw new UnsupportedOperationException("a partition is read alone");
        }
    }

    /** Rows that stand together in {@link #LAID_OUT}. */
    private record Slice(Tuple partition, long first, long last) {}

    private List<DataFile> laidOut(String rows, dev.millwright.core.Schema columns) {
        session.execute("CREATE OR REPLACE TEMP TABLE " + LAID_OUT + " AS SELECT *" + partitions(columns) + " FROM ("
                + rows + ") AS rows(" + names(columns) + ") ORDER BY " + order(columns));
        List<DataFile> files = new ArrayList<>();
        for (Slice slice : slices()) {
            for (long from = slice.first(); from <= slice.last(); from += LARGEST_FILE) {
                String part =
                        " WHERE rowid BETWEEN " + from + " AND " + Math.min(slice.last(), from + LARGEST_FILE - 1);
                files.add(write(
                        stored("SELECT " + names(columns) + " FROM " + LAID_OUT + part, columns), slice.partition()));
            }
        }
        session.execute("DROP TABLE " + LAID_OUT);
        return files;
    }

    private static String names(dev.millwright.core.Schema columns) {
        return IntStream.range(0, columns.columns().size())
                        .mapToObj(i -> "v" + i + ", ")
                        .collect(Collectors.joining()) + "id";
    }

    private String partitions(dev.millwright.core.Schema columns) {
        return IntStream.range(0, layout.partitions().size())
                .mapToObj(i -> ", "
                        + TableLayout.sql(
                                layout.partitions().get(i),
                                value(columns, layout.partitions().get(i).column()))
                        + " AS p" + i)
                .collect(Collectors.joining());
    }

    private static String value(dev.millwright.core.Schema columns, String name) {
        int position = columns.names().indexOf(name);
        Column column = columns.columns().get(position);
        return column.type() == ColumnType.TIMESTAMP
                ? "timezone('UTC', CAST(v" + position + " AS TIMESTAMPTZ))"
                : "v" + position;
    }

    /** By partition, then as the layout says; rows that are equal so far by their ids, so that equal rows give equal files. */
    private String order(dev.millwright.core.Schema columns) {
        StringBuilder order = new StringBuilder();
        for (int i = 0; i < layout.partitions().size(); i++) {
            order.append("p").append(i).append(" ASC NULLS FIRST, ");
        }
        layout.sortBy().forEach(column -> order.append(value(columns, column)).append(" ASC NULLS FIRST, "));
        return order.append("id").toString();
    }

    private List<Slice> slices() {
        int width = layout.partitions().size();
        String values = IntStream.range(0, width).mapToObj(i -> "p" + i + ", ").collect(Collectors.joining());
        List<Slice> slices = session.query(
                "SELECT " + values + "min(rowid), max(rowid) FROM " + LAID_OUT
                        + (width == 0 ? "" : " GROUP BY " + values.substring(0, values.length() - 2))
                        + " ORDER BY min(rowid)",
                row -> {
                    Object[] partition = new Object[width];
                    for (int i = 0; i < width; i++) {
                        partition[i] = row.getObject(i + 1);
                    }
                    return new Slice(new Tuple(partition), row.getLong(width + 1), row.getLong(width + 2));
                });
        if (slices.size() > MOST_PARTITIONS) {
            throw new InvalidInputException(List.of(Problem.about(
                    Layout.PARTITION_BY,
                    Layout.PARTITION_BY + ": " + layout.partitions() + " parts the rows into " + slices.size()
                            + " files (expected: at most " + MOST_PARTITIONS
                            + "). Part them by less, as in month(…), and sort by the rest.")));
        }
        return slices;
    }

    /** Rows with the types and names of a data file. */
    private String stored(String rows, dev.millwright.core.Schema columns) {
        StringBuilder sql = new StringBuilder("SELECT ");
        for (int i = 0; i < columns.columns().size(); i++) {
            Column column = columns.columns().get(i);
            sql.append("CAST(v")
                    .append(i)
                    .append(" AS ")
                    .append(type(column.type()))
                    .append(") AS ");
            sql.append(Sql.identifier(column.name())).append(", ");
        }
        return sql.append("id AS ")
                .append(ReservedColumns.ROW_ID)
                .append(" FROM (")
                .append(rows)
                .append(") AS rows(")
                .append(names(columns))
                .append(")")
                .toString();
    }

    private static String type(ColumnType type) {
        return switch (type) {
            case BOOLEAN -> "BOOLEAN";
            case BIGINT -> "BIGINT";
            case DOUBLE -> "DOUBLE";
            case VARCHAR -> "VARCHAR";
            case TIMESTAMP -> "TIMESTAMPTZ";
        };
    }

    private DataFile write(String rows, Tuple partition) {
        Path file = folder.resolve(String.format(Locale.ROOT, "%s-%05d.parquet", name, written++));
        List<Types.NestedField> fields = table.schema().columns();
        String ids = fields.stream()
                .map(field -> Sql.identifier(field.name()) + ": " + field.fieldId())
                .collect(Collectors.joining(", "));
        DurableFiles.write(
                file,
                aside -> session.execute("COPY (" + rows + ") TO " + Sql.literal(aside)
                        + " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE " + ROW_GROUP + ", FIELD_IDS {" + ids
                        + "})"));
        return describe(file, fields, partition);
    }

    private DataFile describe(Path file, List<Types.NestedField> fields, Tuple partition) {
        try {
            return DataFiles.builder(table.spec())
                    .withPath(file.toString())
                    .withFormat(FileFormat.PARQUET)
                    .withFileSizeInBytes(Files.size(file))
                    .withPartition(partition)
                    .withSortOrder(table.sortOrder())
                    .withMetrics(FileMetrics.read(session, file, fields, MetricsConfig.forTable(table)))
                    .build();
        } catch (IOException e) {
            throw new MillwrightException(DataError.LAKE_FAILED, file + ": has no size: " + e.getMessage(), e);
        }
    }
}
