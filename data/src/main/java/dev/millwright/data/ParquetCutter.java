package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Cuts Parquet files: a batch is a range of rows, which the reader finds without reading those before it. */
final class ParquetCutter implements BatchCutter {
    private static final String ROW_NUMBER = "file_row_number";

    private final DuckDb duck;
    private final BatchRequest request;
    private final SourceFiles source;
    private final List<Long> counts;
    private final List<BatchLayout.Kept> kept;
    private final List<FeatureSql> features;
    private int file;
    private long row;
    private long cut;

    private ParquetCutter(
            DuckDb duck,
            BatchRequest request,
            SourceFiles source,
            List<Long> counts,
            List<BatchLayout.Kept> kept,
            List<FeatureSql> features) {
        this.duck = duck;
        this.request = request;
        this.source = source;
        this.counts = List.copyOf(counts);
        this.kept = kept;
        this.features = features;
    }

    /** A column as the file has it. */
    private record Physical(String name, String type) {}

    /** Rows {@code from} to {@code to}, exclusive, of a file. */
    private record Range(int file, long from, long to) {}

    static ParquetCutter open(DuckDb duck, BatchRequest request, SourceFiles source) {
        try (Session session = duck.session()) {
            Path first = source.files().getFirst();
            List<Physical> columns = columns(session, first);
            List<Long> counts = new ArrayList<>();
            for (Path file : source.files()) {
                List<Physical> others = columns(session, file);
                if (!others.equals(columns)) {
                    throw new InvalidInputException(
                            file + ": columns: " + others + " (expected: " + columns + ", as in " + first + ")");
                }
                counts.add(session.count("SELECT count(*) FROM " + table(file, "false")));
            }
            List<String> names = columns.stream().map(Physical::name).toList();
            ColumnChoice choice = ColumnChoice.of(first, names, request);
            return new ParquetCutter(
                    duck, request, source, counts, kept(choice, names), features(choice, columns, request));
        }
    }

    private static List<BatchLayout.Kept> kept(ColumnChoice choice, List<String> names) {
        return choice.kept().stream()
                .map(names::get)
                .map(name -> new BatchLayout.Kept(name, Sql.identifier(name)))
                .toList();
    }

    private static List<FeatureSql> features(ColumnChoice choice, List<Physical> columns, BatchRequest request) {
        return IntStream.range(0, request.inputs().size())
                .mapToObj(i -> {
                    Physical column = columns.get(choice.inputs().get(i));
                    return FeatureSql.typed(
                            request.inputs().get(i).type(),
                            Sql.identifier(column.name()),
                            column.type(),
                            request.source().missing());
                })
                .toList();
    }

    private static List<Physical> columns(Session session, Path file) {
        List<Physical> columns;
        try {
            columns = session.query(
                    "DESCRIBE SELECT * FROM " + table(file, "false"),
                    row -> new Physical(row.getString(1), row.getString(2)));
        } catch (MillwrightException e) {
            throw new MillwrightException(
                    DataError.SOURCE_UNREADABLE, file + " (expected: a Parquet file): " + e.getMessage(), e);
        }
        Set<String> seen = new HashSet<>();
        for (Physical column : columns) {
            String name = column.name().toLowerCase(Locale.ROOT);
            if (!seen.add(name) || Set.of(ROW_NUMBER, "_file", "_line").contains(name)) {
                throw new InvalidInputException(file + ": column: '" + column.name()
                        + "' (expected: names that differ in more than case, and none of file_row_number, _file and"
                        + " _line)");
            }
        }
        return columns;
    }

    private static String table(Path file, String numbered) {
        return "read_parquet(" + Sql.globLiteral(file) + ", " + ROW_NUMBER + "=" + numbered
                + ", hive_partitioning=false)";
    }

    @Override
    public @Nullable RowBatch next() {
        List<Range> ranges = ranges();
        int rows = count(ranges);
        if (rows == 0) {
            return null;
        }
        List<String> selects = ranges.stream()
                .map(range -> "SELECT *, " + range.file() + " AS _file, " + ROW_NUMBER + " + 1 AS _line FROM "
                        + table(source.files().get(range.file()), "true") + " WHERE " + ROW_NUMBER + " >= "
                        + range.from() + " AND " + ROW_NUMBER + " < " + range.to())
                .toList();
        BatchLayout layout = new BatchLayout("(" + String.join(" UNION ALL ", selects) + ")", kept, features);
        return new RowBatch(
                duck.session(),
                request,
                new RowBatch.Rows(cut - rows, rows, source.files(), "row"),
                () -> layout,
                () -> {}); // nothing is outside the session
    }

    /** What the next batch has of which file. */
    private List<Range> ranges() {
        List<Range> ranges = new ArrayList<>();
        int left = request.rows();
        while (left > 0 && file < counts.size()) {
            long to = Math.min(counts.get(file), row + left);
            if (to > row) {
                ranges.add(new Range(file, row, to));
                left -= (int) (to - row);
            }
            row = to;
            if (row == counts.get(file)) {
                file++;
                row = 0;
            }
        }
        return ranges;
    }

    private int count(List<Range> ranges) {
        long rows =
                ranges.stream().mapToLong(range -> range.to() - range.from()).sum();
        cut += rows;
        return (int) rows;
    }

    @Override
    public int skip() {
        return count(ranges());
    }

    @Override
    public long expectedRows() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        // No file is open between two batches.
    }
}
