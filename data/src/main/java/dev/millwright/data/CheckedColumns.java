package dev.millwright.data;

import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import java.util.List;
import java.util.stream.Collectors;

/** Where the typed columns of an ingestion are found in {@link Ingestion#CHECKED} and {@link Ingestion#KEPT}. */
record CheckedColumns(String dataset, List<TypedColumn> columns) {
    CheckedColumns {
        columns = List.copyOf(columns);
    }

    /** The value of a column; timestamps are instants (TIMESTAMPTZ). */
    String typed(String name) {
        return "v" + place(name);
    }

    /** The value of a column; timestamps are naive, in UTC, as feature SQL has them. */
    String naive(String name) {
        int place = place(name);
        return columns.get(place).type() == ColumnType.TIMESTAMP ? "timezone('UTC', v" + place + ")" : "v" + place;
    }

    /** A relation with such columns, under their own names; timestamps are naive. */
    String named(String relation) {
        return columns.stream()
                .map(TypedColumn::name)
                .map(name -> naive(name) + " AS " + Sql.identifier(name))
                .collect(Collectors.joining(", ", "(SELECT ", " FROM " + relation + ")"));
    }

    private int place(String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equalsIgnoreCase(name)) {
                return i;
            }
        }
        throw new InvalidInputException(dataset + ": expect: '" + name + "' (expected: one of "
                + columns.stream().map(TypedColumn::name).toList() + ")");
    }
}
