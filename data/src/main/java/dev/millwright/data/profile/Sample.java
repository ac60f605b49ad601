package dev.millwright.data.profile;

import dev.millwright.core.ColumnType;
import dev.millwright.data.Session;
import dev.millwright.data.TypedTable;
import dev.millwright.data.profile.TableQuery.Place;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows in memory, chosen by a hash of their place and a seed, in the order of their places.
 *
 * @param columns in the order of the table
 */
record Sample(List<SampleColumn> columns, int rows) {
    /** Rows at most, and cells of all rows together. */
    private static final long MOST_ROWS = 200_000;

    private static final long MOST_CELLS = 8_000_000;

    /** Longer texts are told apart by their beginning and a hash. */
    private static final int LONGEST_TEXT = 64;

    private static final int BEGINNING = 40;

    private static final String TABLE = "sampled_rows";

    Sample {
        columns = List.copyOf(columns);
    }

    static Sample of(TableQuery query, long seed) {
        List<Place> columns = query.columns();
        long wanted = Math.clamp(MOST_CELLS / columns.size(), 1, MOST_ROWS);
        String values = columns.stream()
                .map(column -> expression(column) + " AS " + column.sql())
                .collect(Collectors.joining(", "));
        query.session()
                .execute("CREATE OR REPLACE TEMP TABLE " + TABLE + " AS SELECT " + values + " FROM "
                        + query.table().relation() + " WHERE " + query.sampled(wanted, seed) + " ORDER BY "
                        + TypedTable.PLACE);
        int rows = Math.toIntExact(query.session().count("SELECT count(*) FROM " + TABLE));
        List<SampleColumn> read = columns.stream()
                .map(column -> read(query.session(), column, rows))
                .toList();
        query.session().execute("DROP TABLE " + TABLE);
        return new Sample(read, rows);
    }

    private static SampleColumn read(Session session, Place column, int rows) {
        String sql = "SELECT " + column.sql() + " FROM " + TABLE;
        int[] at = {0};
        if (column.column().type().isNumeric() || column.column().type() == ColumnType.TIMESTAMP) {
            double[] numbers = new double[rows];
            session.forEach(sql, row -> numbers[at[0]++] = number(row));
            return SampleColumn.Numeric.of(column.name(), numbers);
        }
        @Nullable String[] texts = new String[rows];
        session.forEach(sql, row -> texts[at[0]++] = row.getString(1));
        return SampleColumn.Categorical.of(column.name(), texts);
    }

    private static double number(ResultSet row) throws SQLException {
        double value = row.getDouble(1);
        return row.wasNull() ? Double.NaN : value;
    }

    private static String expression(Place column) {
        String value = column.sql();
        return switch (column.column().type()) {
            case BIGINT, DOUBLE -> "CAST(" + value + " AS DOUBLE)";
            case TIMESTAMP -> "epoch(" + value + ")";
            case BOOLEAN -> "CAST(" + value + " AS VARCHAR)";
            case VARCHAR ->
                "CASE WHEN length(" + value + ") > " + LONGEST_TEXT + " THEN left(" + value + ", " + BEGINNING
                        + ") || hash(" + value + ") ELSE " + value + " END";
        };
    }
}
