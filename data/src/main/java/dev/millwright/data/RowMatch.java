package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds equal rows, and rows with the same key, among typed ones ({@code v0}, {@code v1}, …). */
final class RowMatch {
    private RowMatch() {}

    /** The columns that tell rows apart, as far as expectations say so. */
    static List<List<Integer>> keys(List<Expected> expectations, Schema schema) {
        return expectations.stream()
                .flatMap(expected -> DatasetReport.key(expected.expectation()))
                .map(key -> key.stream().map(name -> place(schema, name)).toList())
                .toList();
    }

    private static int place(Schema schema, String name) {
        return IntStream.range(0, schema.columns().size())
                .filter(i -> schema.columns().get(i).name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow();
    }

    /** Whether two rows agree in a key; not when they miss a part of it. */
    static String sameKey(String one, String other, List<Integer> key) {
        return key.stream().map(i -> one + ".v" + i + " = " + other + ".v" + i).collect(Collectors.joining(" AND "));
    }

    /** Whether two rows agree in these columns; a missing value agrees with another. */
    static String equal(String one, String other, List<Integer> columns) {
        return columns.isEmpty()
                ? "true"
                : hash(one, columns) + " = " + hash(other, columns)
                        + columns.stream()
                                .map(i -> " AND " + one + ".v" + i + " IS NOT DISTINCT FROM " + other + ".v" + i)
                                .collect(Collectors.joining());
    }

    private static String hash(String table, List<Integer> columns) {
        return columns.stream().map(i -> table + ".v" + i).collect(Collectors.joining(", ", "hash(", ")"));
    }

    /** The columns of {@code schema} that another one has, too, with the same type. */
    static List<Integer> shared(Schema schema, Schema other) {
        return IntStream.range(0, schema.columns().size())
                .filter(i -> {
                    Column column = schema.columns().get(i);
                    return other.find(column.name())
                            .filter(found -> found.type() == column.type())
                            .isPresent();
                })
                .boxed()
                .toList();
    }

    /** The rows of a stored version as typed ones: the {@code shared} columns, and {@code _row_id}. */
    static String typed(Surroundings.Relation version, Schema schema, List<Integer> shared) {
        List<String> values = new ArrayList<>();
        for (int i : shared) {
            Column column = schema.columns().get(i);
            String name = Sql.identifier(column.name());
            values.add((column.type() == ColumnType.TIMESTAMP ? "timezone('UTC', " + name + ")" : name) + " AS v" + i);
        }
        values.add(ReservedColumns.ROW_ID);
        return "(SELECT " + String.join(", ", values) + " FROM " + version.sql() + ")";
    }
}
