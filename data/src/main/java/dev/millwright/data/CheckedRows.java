package dev.millwright.data;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Typed rows with what is wrong with each, as one SELECT. */
final class CheckedRows {
    private CheckedRows() {}

    /**
     * {@code _file}, {@code _line}, {@code h}, typed {@code v0}, {@code v1}, … and what is wrong as one text, NULL where nothing is.
     *
     * @param relation of cells, as {@link TypedRows#select} takes it
     * @param reasons texts that say of a typed row what it breaks, each NULL where it doesn't
     */
    static String select(String relation, List<TypedColumn> columns, List<String> reasons) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            TypedColumn column = columns.get(i);
            if (column.check() == TypedColumn.Check.NEEDED) {
                all.add(Sql.literal(column.name() + ": '") + " || r" + i + " || "
                        + Sql.literal("' is not a " + column.type().label()));
            }
        }
        all.addAll(reasons);
        String reason =
                all.isEmpty() ? "CAST(NULL AS VARCHAR)" : "nullif(concat_ws('; ', " + String.join(", ", all) + "), '')";
        return "SELECT _file, _line, h" + values(columns.size()) + ", " + reason + " AS reason FROM ("
                + TypedRows.select(relation, columns) + ")";
    }

    /** {@code , v0, v1, …}. */
    static String values(int columns) {
        return IntStream.range(0, columns).mapToObj(i -> ", v" + i).collect(Collectors.joining());
    }
}
