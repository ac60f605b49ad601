package dev.millwright.data.profile;

import dev.millwright.core.Column;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import dev.millwright.data.Session;
import dev.millwright.data.TypedTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A table and the session to ask about it. For one thread. */
record TableQuery(Session session, TypedTable table) {
    /** Aggregates of so many columns in one statement: DuckDB plans thousands of them slowly. */
    private static final int COLUMNS_AT_ONCE = 40;

    private static final double CHOICES = 0x1p64;

    /** A column of the table, with its place among the columns. */
    record Place(int index, Column column) {
        String sql() {
            return TypedTable.value(index);
        }

        String name() {
            return column.name();
        }
    }

    List<Place> columns() {
        List<Column> columns = table.schema().columns();
        return IntStream.range(0, columns.size())
                .mapToObj(i -> new Place(i, columns.get(i)))
                .toList();
    }

    /** @throws InvalidInputException when there is no such column, naming the {@code option} that asked for it */
    Place column(String option, String name) {
        return columns().stream()
                .filter(place -> place.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException(
                        option + ": " + Words.shortened(name) + " (expected: a column of the data)."
                                + Words.suggestion(name, table.schema().names())));
    }

    /**
     * Asks for aggregates of columns, some columns at a time.
     *
     * @param columns with what is known of them so far
     * @param perColumn how many select items {@code items} gives for a column
     * @param read turns the row, from the place of a column's first item, from 1, into a value
     */
    <C, T> List<T> aggregates(
            List<C> columns, String from, int perColumn, Function<C, List<String>> items, Reader<C, T> read) {
        List<T> results = new ArrayList<>();
        for (int start = 0; start < columns.size(); start += COLUMNS_AT_ONCE) {
            List<C> some = columns.subList(start, Math.min(columns.size(), start + COLUMNS_AT_ONCE));
            List<String> selected = some.stream()
                    .flatMap(column -> items.apply(column).stream())
                    .toList();
            results.addAll(session.single("SELECT " + String.join(", ", selected) + " FROM " + from, row -> {
                List<T> values = new ArrayList<>();
                for (int i = 0; i < some.size(); i++) {
                    values.add(read.read(row, 1 + i * perColumn, some.get(i)));
                }
                return values;
            }));
        }
        return results;
    }

    /** Reads the aggregates of one column. */
    @FunctionalInterface
    interface Reader<C, T> {
        T read(ResultSet row, int at, C column) throws SQLException;
    }

    /** A condition that about so many rows meet, the same ones each time; it follows WHERE or AND. */
    String sampled(long wanted, long seed) {
        if (wanted >= table.rows()) {
            return "true";
        }
        double bound = CHOICES * wanted / table.rows();
        return "hash(" + TypedTable.PLACE + ", " + seed + ") < CAST(" + String.format(Locale.ROOT, "%.0f", bound)
                + " AS UBIGINT)";
    }
}
