package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Schema;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** Cells that are text, whatever the source they are meant for has. */
final class TextCells {
    private TextCells() {}

    /** How cells become values of the columns of a dataset: by the rules for text, and strictly where no type was promised. */
    static List<TypedColumn> columns(Schema schema, Contract contract, ZoneId zone) {
        List<TypedColumn> columns = new ArrayList<>();
        for (Column column : schema.columns()) {
            String cell = Staged.cell(columns.size());
            boolean declared =
                    contract.find(column.name()).flatMap(ColumnContract::type).isPresent();
            columns.add(new TypedColumn(
                    column.name(),
                    column.type(),
                    cell,
                    Cells.typed(cell, column.type(), declared ? Cells.Origin.DECLARED : Cells.Origin.INFERRED, zone),
                    column.type() == ColumnType.VARCHAR ? TypedColumn.Check.NONE : TypedColumn.Check.NEEDED,
                    TypedColumn.Facts.DECLARED));
        }
        return columns;
    }

    /**
     * Rows of cells out of JSON: {@code _file}, {@code _line}, {@code c0}, {@code c1}, …
     *
     * @param relation with {@code _file}, {@code _line} and {@code cells}
     */
    static String relation(String relation, Schema schema) {
        StringBuilder sql = new StringBuilder("(SELECT _file, _line");
        for (int i = 0; i < schema.columns().size(); i++) {
            sql.append(", ")
                    .append(SetAside.cell("cells", schema.columns().get(i).name()))
                    .append(" AS ")
                    .append(Staged.cell(i));
        }
        return sql.append(" FROM ").append(relation).append(")").toString();
    }
}
