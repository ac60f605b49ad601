package dev.millwright.data;

import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Problem;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Stages Parquet as a view: the files are columnar already. */
final class ParquetStager {
    private static final String VIEW = "staged_rows";
    private static final String ROW_NUMBER = "file_row_number";

    private final Session session;

    ParquetStager(Session session) {
        this.session = session;
    }

    private record Physical(String name, String type) {}

    Staged stage(SourceSpec spec, SourceFiles source) {
        Path first = source.files().getFirst();
        List<Physical> columns = columns(spec, first);
        for (Path file : source.files().subList(1, source.files().size())) {
            List<Physical> others = columns(spec, file);
            if (!others.equals(columns)) {
                throw new InvalidInputException(spec.dataset() + ": " + file + " has the columns " + describe(others)
                        + " (expected: " + describe(columns) + ", as in " + first + ")");
            }
        }
        List<Staged.Found> found = new ArrayList<>();
        List<String> expressions = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Physical column = columns.get(i);
            ColumnType type = type(spec, first, column);
            found.add(new Staged.Found.Typed(name(spec, columns, i), type));
            expressions.add(expression(column, type, spec.zone()) + " AS " + Staged.cell(i));
        }
        session.execute(view(source, expressions));
        long rows = session.count("SELECT count(*) FROM " + VIEW);
        return new Staged(Format.PARQUET, VIEW, source.files(), found, rows, 0, Staged.Extent.WHOLE, source.bytes());
    }

    private List<Physical> columns(SourceSpec spec, Path file) {
        List<Physical> columns;
        try {
            columns = session.query(
                    "DESCRIBE SELECT * FROM read_parquet(" + Sql.globLiteral(file) + ", hive_partitioning=false)",
                    row -> new Physical(row.getString(1), row.getString(2)));
        } catch (MillwrightException e) {
            throw new MillwrightException(
                    DataError.SOURCE_UNREADABLE,
                    spec.dataset() + ": " + file + " (expected: a whole Parquet file; write or copy it again): "
                            + e.getMessage(),
                    e);
        }
        List<String> names = columns.stream().map(Physical::name).toList();
        Dialect.requireDistinct(spec, file, names);
        if (names.stream().anyMatch(ROW_NUMBER::equalsIgnoreCase)) {
            throw new InvalidInputException(spec.dataset() + ": " + file + ": a column is named '" + ROW_NUMBER
                    + "' (expected: another name, for the Parquet reader gives this one a meaning)");
        }
        return columns;
    }

    private static String name(SourceSpec spec, List<Physical> columns, int index) {
        List<String> names = spec.columnNames();
        if (!names.isEmpty() && names.size() != columns.size()) {
            throw new InvalidInputException(List.of(Problem.about(
                    "columns",
                    spec.dataset() + ": " + columns.size() + " columns (expected: the " + names.size()
                            + " that are named)")));
        }
        return names.isEmpty() ? columns.get(index).name() : names.get(index);
    }

    private static String describe(List<Physical> columns) {
        return columns.stream()
                .map(column -> column.name() + " " + column.type())
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static ColumnType type(SourceSpec spec, Path file, Physical column) {
        String type = column.type();
        if (type.startsWith("DECIMAL") && !type.endsWith("]")) {
            return ColumnType.DOUBLE;
        }
        if (type.startsWith("ENUM") && !type.endsWith("]")) {
            return ColumnType.VARCHAR;
        }
        return switch (type) {
            case "BOOLEAN" -> ColumnType.BOOLEAN;
            case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER" -> ColumnType.BIGINT;
            case "UBIGINT", "HUGEINT", "UHUGEINT", "FLOAT", "DOUBLE" -> ColumnType.DOUBLE;
            case "VARCHAR", "UUID", "JSON" -> ColumnType.VARCHAR;
            case "DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE" ->
                ColumnType.TIMESTAMP;
            default ->
                throw new InvalidInputException(spec.dataset() + ": " + file + ": " + column.name() + ": " + type
                        + " (expected: a boolean, number, text, date or timestamp); leave it out or flatten it");
        };
    }

    private static String expression(Physical column, ColumnType type, ZoneId zone) {
        String name = Sql.identifier(column.name());
        return switch (type) {
            case BOOLEAN -> name;
            case BIGINT -> "CAST(" + name + " AS BIGINT)";
            case DOUBLE -> Cells.finite("CAST(" + name + " AS DOUBLE)");
            case VARCHAR -> "CAST(" + name + " AS VARCHAR)";
            case TIMESTAMP ->
                column.type().equals("TIMESTAMP WITH TIME ZONE")
                        ? name
                        : "timezone(" + Sql.literal(Cells.zoneName(zone)) + ", CAST(" + name + " AS TIMESTAMP))";
        };
    }

    private static String view(SourceFiles source, List<String> expressions) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < source.files().size(); i++) {
            parts.add("SELECT " + i + " AS _file, " + ROW_NUMBER + " + 1 AS _line, " + String.join(", ", expressions)
                    + " FROM read_parquet(" + Sql.globLiteral(source.files().get(i)) + ", " + ROW_NUMBER
                    + "=true, hive_partitioning=false)");
        }
        return "CREATE OR REPLACE TEMP VIEW " + VIEW + " AS " + String.join(" UNION ALL ", parts);
    }
}
