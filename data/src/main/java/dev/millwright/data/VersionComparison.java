package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Schema;
import dev.millwright.core.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Compares two versions: their columns, their rows, and how the values of each column are distributed. */
final class VersionComparison {
    private final Session session;
    private final Side before;
    private final Side after;

    /**
     * One of the two.
     *
     * @param relation what stands in FROM, with {@code _row_id}
     */
    record Side(Schema schema, String relation) {}

    VersionComparison(Session session, Side before, Side after) {
        this.session = session;
        this.before = before;
        this.after = after;
    }

    /** @param key columns that tell rows apart in both; none when it is not known */
    DatasetDiff run(List<String> key) {
        ColumnBins bins = new ColumnBins(session, before.relation(), after.relation());
        return new DatasetDiff(
                columnChanges(),
                rowChanges(),
                key.isEmpty() ? Optional.empty() : Optional.of(keyChanges(key)),
                shared().stream().map(bins::compare).toList());
    }

    private List<DatasetDiff.ColumnChange> columnChanges() {
        List<DatasetDiff.ColumnChange> changes = new ArrayList<>();
        for (Column column : before.schema().columns()) {
            Optional<Column> now = after.schema().find(column.name());
            if (now.isEmpty()) {
                changes.add(new DatasetDiff.ColumnChange.Dropped(column));
            } else if (now.get().type() != column.type()) {
                changes.add(new DatasetDiff.ColumnChange.Retyped(
                        column.name(), column.type(), now.get().type()));
            }
        }
        after.schema().columns().stream()
                .filter(column -> before.schema().find(column.name()).isEmpty())
                .forEach(column -> changes.add(new DatasetDiff.ColumnChange.Added(column)));
        return changes;
    }

    /** Columns of both that can be compared, as the later version has them: of one type, or numbers. */
    private List<Column> shared() {
        return after.schema().columns().stream()
                .filter(column -> before.schema()
                        .find(column.name())
                        .filter(old -> old.type() == column.type() || (isNumber(old) && isNumber(column)))
                        .isPresent())
                .toList();
    }

    private static boolean isNumber(Column column) {
        return column.type() == ColumnType.BIGINT || column.type() == ColumnType.DOUBLE;
    }

    private DatasetDiff.RowChanges rowChanges() {
        long first = session.count("SELECT count(*) FROM " + before.relation());
        long second = session.count("SELECT count(*) FROM " + after.relation());
        long kept = session.count("SELECT count(*) FROM (SELECT _row_id FROM " + before.relation()
                + ") SEMI JOIN (SELECT _row_id FROM " + after.relation() + ") USING (_row_id)");
        return new DatasetDiff.RowChanges(first, second, second - kept, first - kept);
    }

    private DatasetDiff.KeyChanges keyChanges(List<String> key) {
        List<String> names = key.stream().map(this::known).toList();
        long withoutKey = requireKey(before, names) + requireKey(after, names);
        List<String> compared = shared().stream()
                .map(Column::name)
                .filter(name -> names.stream().noneMatch(name::equalsIgnoreCase))
                .toList();
        List<String> differs = compared.stream()
                .map(name -> "a." + Sql.identifier(name) + " IS DISTINCT FROM b." + Sql.identifier(name))
                .toList();
        StringBuilder sql =
                new StringBuilder("SELECT count(*) FILTER (a._here IS NULL), count(*) FILTER (b._here IS NULL),"
                        + " count(*) FILTER (a._here AND b._here AND ("
                        + (differs.isEmpty() ? "false" : String.join(" OR ", differs)) + ")), count(*)");
        differs.forEach(each -> sql.append(", count(*) FILTER (a._here AND b._here AND ")
                .append(each)
                .append(')'));
        sql.append(" FROM ")
                .append(keyed(before, names))
                .append(" a FULL OUTER JOIN ")
                .append(keyed(after, names));
        sql.append(" b ON ");
        sql.append(names.stream()
                .map(name -> "a." + Sql.identifier(name) + " = b." + Sql.identifier(name))
                .collect(Collectors.joining(" AND ")));
        return session.single(sql.toString(), row -> {
            long added = row.getLong(1);
            long removed = row.getLong(2);
            long changed = row.getLong(3);
            Map<String, Long> columns = new LinkedHashMap<>();
            for (int i = 0; i < compared.size(); i++) {
                if (row.getLong(5 + i) > 0) {
                    columns.put(compared.get(i), row.getLong(5 + i));
                }
            }
            return new DatasetDiff.KeyChanges(
                    names, added, removed, changed, row.getLong(4) - added - removed - changed, columns, withoutKey);
        });
    }

    private String known(String name) {
        List<Column> columns = shared();
        return columns.stream()
                .map(Column::name)
                .filter(name::equalsIgnoreCase)
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("key: " + name + " (expected: a column of both versions)."
                        + Words.suggestion(
                                name, columns.stream().map(Column::name).toList())));
    }

    private static String keyed(Side side, List<String> key) {
        return "(SELECT *, true AS _here FROM " + side.relation() + " WHERE " + present(key) + ")";
    }

    private static String present(List<String> key) {
        return key.stream().map(name -> Sql.identifier(name) + " IS NOT NULL").collect(Collectors.joining(" AND "));
    }

    /** Refuses columns that don't tell rows apart; returns how many rows miss one of them. */
    private long requireKey(Side side, List<String> key) {
        String columns = key.stream().map(Sql::identifier).collect(Collectors.joining(", "));
        long repeated = session.count("SELECT coalesce(sum(rows) - count(*), 0) FROM (SELECT count(*) AS rows FROM "
                + side.relation() + " WHERE " + present(key) + " GROUP BY " + columns + ")");
        if (repeated > 0) {
            throw new InvalidInputException(
                    "key: " + String.join(", ", key) + " (expected: columns that tell rows apart;"
                            + " in one of the versions " + repeated + " rows repeat another)");
        }
        return session.count("SELECT count(*) FROM " + side.relation() + " WHERE NOT (" + present(key) + ")");
    }
}
