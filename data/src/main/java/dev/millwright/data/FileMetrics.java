package dev.millwright.data;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.types.Comparators;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.UnicodeUtil;
import org.jspecify.annotations.Nullable;

/**
 * What Iceberg keeps of a data file beside its path, by which readers leave out files that can't hold what they look for: the file's
 * own footer says it. The bounds of texts are cut to sixteen characters.
 */
final class FileMetrics {
    private static final int LONGEST_BOUND = 16;

    /** {@code 2024-02-29 13:45:00.123456+00}: how DuckDB writes timestamps of statistics. */
    private static final DateTimeFormatter STAMP = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendOffset("+HH", "+00")
            .toFormatter(Locale.ROOT);

    private final Map<Integer, Long> bytes = new HashMap<>();
    private final Map<Integer, Long> values = new HashMap<>();
    private final Map<Integer, Long> nulls = new HashMap<>();
    private final Map<Integer, Long> notNumbers = new HashMap<>();
    private final Map<Integer, Bounds> bounds = new HashMap<>();

    private FileMetrics() {}

    /** A column in a row group, as the file says it. */
    private record Chunk(
            int column,
            long bytes,
            long values,
            long nulls,
            @Nullable String least,
            @Nullable String greatest) {}

    /** The extremes so far; none once a row group did not say its own. */
    private record Bounds(Optional<Object> least, Optional<Object> greatest) {}

    /**
     * Reads them off a file that {@link VersionFiles} wrote.
     *
     * @param columns in the order of the file
     * @param config says of which columns bounds are kept
     */
    static Metrics read(Session session, Path file, List<Types.NestedField> columns, MetricsConfig config) {
        FileMetrics metrics = new FileMetrics();
        session.query(
                        "SELECT column_id, total_compressed_size, num_values, stats_null_count, stats_min_value,"
                                + " stats_max_value FROM parquet_metadata(" + Sql.globLiteral(file)
                                + ") ORDER BY row_group_id, column_id",
                        row -> new Chunk(
                                row.getInt(1),
                                row.getLong(2),
                                row.getLong(3),
                                row.getLong(4),
                                row.getString(5),
                                row.getString(6)))
                .forEach(chunk -> metrics.add(chunk, columns.get(chunk.column())));
        long rows = session.count("SELECT num_rows FROM parquet_file_metadata(" + Sql.globLiteral(file) + ")");
        return metrics.of(rows, columns, config);
    }

    private void add(Chunk chunk, Types.NestedField column) {
        int id = column.fieldId();
        bytes.merge(id, chunk.bytes(), Long::sum);
        values.merge(id, chunk.values(), Long::sum);
        nulls.merge(id, chunk.nulls(), Long::sum);
        if (column.type().equals(Types.DoubleType.get())) {
            notNumbers.put(id, 0L);
        }
        if (chunk.nulls() < chunk.values()) {
            bounds.merge(
                    id,
                    new Bounds(value(column.type(), chunk.least()), value(column.type(), chunk.greatest())),
                    (known, more) -> wider(column.type().asPrimitiveType(), known, more));
        }
    }

    private static Bounds wider(Type.PrimitiveType type, Bounds one, Bounds other) {
        Comparator<Object> order = Comparators.forType(type);
        return new Bounds(
                one.least().flatMap(a -> other.least().map(b -> order.compare(a, b) <= 0 ? a : b)),
                one.greatest().flatMap(a -> other.greatest().map(b -> order.compare(a, b) >= 0 ? a : b)));
    }

    private static Optional<Object> value(Type type, @Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        return switch (type.typeId()) {
            case BOOLEAN -> Optional.of(Boolean.valueOf(text));
            case LONG -> Optional.of(Long.valueOf(text));
            case DOUBLE ->
                Optional.of(Double.valueOf(text)).filter(Double::isFinite).map(number -> (Object) number);
            case STRING -> Optional.of(text);
            case TIMESTAMP -> micros(text);
            default -> Optional.empty();
        };
    }

    /** Empty for a time beyond the calendar of ISO 8601, which DuckDB knows and files can hold. */
    private static Optional<Object> micros(String stamp) {
        if (!stamp.matches("\\d{4}-.*\\+00")) {
            return Optional.empty();
        }
        Instant instant = OffsetDateTime.parse(stamp, STAMP).toInstant();
        return Optional.of(ChronoUnit.MICROS.between(Instant.EPOCH, instant));
    }

    private Metrics of(long rows, List<Types.NestedField> columns, MetricsConfig config) {
        Map<Integer, ByteBuffer> lower = new HashMap<>();
        Map<Integer, ByteBuffer> upper = new HashMap<>();
        for (Types.NestedField column : columns) {
            Bounds found = bounds.get(column.fieldId());
            if (found != null && keepsBounds(config, column)) {
                found.least().ifPresent(value -> put(lower, column, cut(value, Side.LOWER)));
                found.greatest().ifPresent(value -> put(upper, column, cut(value, Side.UPPER)));
            }
        }
        return new Metrics(rows, bytes, values, nulls, notNumbers, lower, upper);
    }

    private static boolean keepsBounds(MetricsConfig config, Types.NestedField column) {
        String mode = config.columnMode(column.name()).toString();
        return !mode.equals("none") && !mode.equals("counts");
    }

    private enum Side {
        LOWER,
        UPPER
    }

    private static @Nullable Object cut(Object value, Side side) {
        if (!(value instanceof String text)) {
            return value;
        }
        return switch (side) {
            case LOWER -> UnicodeUtil.truncateStringMin(text, LONGEST_BOUND);
            case UPPER -> UnicodeUtil.truncateStringMax(text, LONGEST_BOUND);
        };
    }

    private static void put(Map<Integer, ByteBuffer> bounds, Types.NestedField column, @Nullable Object value) {
        if (value != null) {
            bounds.put(column.fieldId(), Conversions.toByteBuffer(column.type(), value));
        }
    }
}
