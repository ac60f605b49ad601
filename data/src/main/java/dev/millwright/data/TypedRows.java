package dev.millwright.data;

import dev.millwright.core.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The typing of staged rows as one SELECT: {@code _file}, {@code _line}, {@code h} (63 bits of MD5 over the row as it was found,
 * so that the order of the rows is not in it), typed {@code v0}, {@code v1}, … and, for columns whose type may refuse a value,
 * {@code r0}, {@code r1}, …: the refused text, else NULL.
 */
final class TypedRows {
    private static final int SHOWN_VALUE = 100;

    private TypedRows() {}

    /** Each value is computed once, in the inner SELECT; the outer one only looks at the results. */
    static String select(String relation, List<TypedColumn> columns) {
        List<String> inner = new ArrayList<>(List.of("_file", "_line", hash(columns.size()) + " AS h"));
        List<String> outer = new ArrayList<>(List.of("_file", "_line", "h"));
        for (int i = 0; i < columns.size(); i++) {
            TypedColumn column = columns.get(i);
            inner.add(column.value() + " AS t" + i);
            outer.add((column.type() == ColumnType.DOUBLE ? Cells.finite("t" + i) : "t" + i) + " AS v" + i);
            if (column.check() == TypedColumn.Check.NEEDED) {
                inner.add(column.present() + " AS p" + i);
                outer.add("CASE WHEN p" + i + " IS NOT NULL AND t" + i + " IS NULL"
                        + (column.type().isNumeric() ? " AND NOT " + Cells.notFinite("p" + i) : "") + " THEN left(p" + i
                        + ", " + SHOWN_VALUE + ") END AS r" + i);
            }
        }
        return "SELECT " + String.join(", ", outer) + " FROM (SELECT " + String.join(", ", inner) + " FROM " + relation
                + ")";
    }

    private static String hash(int columns) {
        String cells = IntStream.range(0, columns)
                .mapToObj(i -> "coalesce(CAST(" + Staged.cell(i) + " AS VARCHAR), chr(30))")
                .collect(Collectors.joining(", "));
        return "CAST(md5_number_lower(concat_ws(chr(31), " + cells + ")) >> 1 AS BIGINT)";
    }
}
