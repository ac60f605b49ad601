package dev.millwright.plan;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.parser.SqlParserPos;

/** The text of a view's SQL, to which columns and look-ups can be added without a change to what is written. Immutable. */
public final class ViewText {
    private final String sql;
    private final SqlSource source;
    private final Optional<SqlWith> with;
    private final SqlSelect select;
    private final SqlNode first;

    private ViewText(String sql, SqlSource source, Optional<SqlWith> with, SqlSelect select, SqlNode first) {
        this.sql = sql;
        this.source = source;
        this.with = with;
        this.select = select;
        this.first = first;
    }

    /** Of SQL that was planned before; empty when it isn't a SELECT from a table. */
    public static Optional<ViewText> of(String sql) {
        String text = sql.replace("\r\n", "\n");
        List<Problem> problems = new ArrayList<>();
        SqlSource source = new SqlSource(text, new Problem.Position("sql", 1, 1));
        Optional<SqlNode> parsed = source.parseQuery(new Reporter(source, problems));
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        Optional<SqlWith> with = parsed.filter(SqlWith.class::isInstance).map(SqlWith.class::cast);
        return parsed.map(node -> with.map(found -> found.body).orElse(node))
                .filter(SqlSelect.class::isInstance)
                .map(SqlSelect.class::cast)
                .filter(found -> found.getFrom() != null)
                .map(found -> new ViewText(text, source, with, found, first(found.getFrom())));
    }

    private static SqlNode first(SqlNode from) {
        return from instanceof SqlJoin join ? first(join.getLeft()) : from;
    }

    /** The dataset that FROM begins with; empty where that is a subquery or a CTE. */
    public Optional<String> table() {
        SqlNode named = first instanceof SqlBasicCall as && as.getKind() == SqlKind.AS ? as.operand(0) : first;
        Set<String> ctes = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        with.ifPresent(found -> found.withList.forEach(item -> {
            if (item instanceof SqlWithItem each) {
                ctes.add(each.name.getSimple());
            }
        }));
        return Optional.of(named)
                .filter(SqlIdentifier.class::isInstance)
                .map(node -> ((SqlIdentifier) node).getSimple())
                .filter(name -> !ctes.contains(name));
    }

    /** What columns of that table are called by. */
    public String alias() {
        SqlNode name = first instanceof SqlBasicCall as && as.getKind() == SqlKind.AS ? as.operand(1) : first;
        return SqlNames.written(((SqlIdentifier) name).getSimple());
    }

    /** Whether the rows are groups, or columns aren't named one by one: then nothing can be added. */
    public boolean isClosed() {
        return select.getGroup() != null
                || select.getSelectList().stream()
                        .anyMatch(item -> item instanceof SqlIdentifier column && column.isStar());
    }

    /** The column of which an output is a copy, as it is written; empty when the output is computed. */
    public Optional<String> column(String output) {
        for (SqlNode item : select.getSelectList()) {
            SqlNode value = item instanceof SqlBasicCall as && as.getKind() == SqlKind.AS ? as.operand(0) : item;
            SqlNode name = item instanceof SqlBasicCall as && as.getKind() == SqlKind.AS ? as.operand(1) : item;
            if (value instanceof SqlIdentifier column
                    && name instanceof SqlIdentifier named
                    && named.names.getLast().equalsIgnoreCase(output)) {
                return Optional.of(source.text(column.getParserPosition()));
            }
        }
        return Optional.empty();
    }

    /**
     * The text with more in it.
     *
     * @param ctes {@code name AS (SELECT …)}, before those that are there
     * @param items {@code expression AS name}, before the others
     * @param joins {@code LEFT ASOF JOIN …}, after the first table
     */
    public String with(List<String> ctes, List<String> items, List<String> joins) {
        if (items.isEmpty()) {
            return sql;
        }
        int list = start(select.getParserPosition()) + "SELECT".length();
        SqlParserPos table = first.getParserPosition();
        int from = offset(new SqlParserPos(table.getEndLineNum(), table.getEndColumnNum())) + 1;
        String head = with.map(found -> "WITH " + String.join(",\n", ctes) + ",\n"
                        + sql.substring(start(found.getParserPosition()) + "WITH".length(), list)
                                .stripLeading())
                .orElseGet(() -> "WITH " + String.join(",\n", ctes) + "\n" + sql.substring(0, list));
        return (ctes.isEmpty() ? sql.substring(0, list) : head) + " " + String.join(",\n       ", items) + ",\n      "
                + sql.substring(list, from)
                + (joins.isEmpty() ? "" : "\n" + String.join("\n", joins))
                + sql.substring(from);
    }

    private int start(SqlParserPos at) {
        return offset(new SqlParserPos(at.getLineNum(), at.getColumnNum()));
    }

    private int offset(SqlParserPos at) {
        Problem.Position place = source.position(at);
        int offset = 0;
        for (int line = 1; line < place.line(); line++) {
            offset = sql.indexOf('\n', offset) + 1;
        }
        return offset + place.column() - 1;
    }
}
