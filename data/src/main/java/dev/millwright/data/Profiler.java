package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Profiles typed columns in one pass. */
final class Profiler {
    private static final long COUNTED_EXACTLY = 1_000_000;
    private static final int FREQUENT = 5;
    private static final int PER_COLUMN = 5;

    private final Session session;

    Profiler(Session session) {
        this.session = session;
    }

    /** A column and the expression that gives its values; TIMESTAMP ones are instants (TIMESTAMPTZ). */
    record Expression(Column column, String sql) {}

    List<ColumnProfile> profile(String relation, List<Expression> columns) {
        long rows = session.count("SELECT count(*) FROM " + relation);
        List<String> aggregates = new ArrayList<>();
        for (Expression column : columns) {
            aggregates.addAll(aggregates(column, rows));
        }
        return session.single("SELECT " + String.join(", ", aggregates) + " FROM " + relation, row -> {
            List<ColumnProfile> profiles = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                profiles.add(read(row, PER_COLUMN * i, columns.get(i).column(), rows));
            }
            return profiles;
        });
    }

    private static List<String> aggregates(Expression column, long rows) {
        String value = column.sql();
        ColumnType type = column.column().type();
        return List.of(
                "count(" + value + ")",
                rows <= COUNTED_EXACTLY ? "count(DISTINCT " + value + ")" : "approx_count_distinct(" + value + ")",
                text("min(" + value + ")", type),
                text("max(" + value + ")", type),
                "approx_top_k(" + text(value, type) + ", " + FREQUENT + ")");
    }

    private static String text(String value, ColumnType type) {
        return type == ColumnType.TIMESTAMP
                ? "strftime(timezone('UTC', " + value + "), '%Y-%m-%dT%H:%M:%SZ')"
                : "CAST(" + value + " AS VARCHAR)";
    }

    private static ColumnProfile read(ResultSet row, int at, Column column, long rows) throws SQLException {
        List<String> frequent = new ArrayList<>();
        Array values = row.getArray(at + 5);
        if (values != null) {
            for (Object value : (Object[]) values.getArray()) {
                if (value != null) {
                    frequent.add(value.toString());
                }
            }
        }
        return new ColumnProfile(
                column.name(),
                column.type(),
                rows,
                rows - row.getLong(at + 1),
                row.getLong(at + 2),
                Optional.ofNullable(row.getString(at + 3)),
                Optional.ofNullable(row.getString(at + 4)),
                frequent);
    }
}
