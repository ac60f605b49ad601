package dev.millwright.plan;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.apache.calcite.sql.SqlNode;

/**
 * A SQL expression on the columns of one row, without aggregates and windows; its functions mean what they mean in a feature view.
 * Immutable and thread-safe.
 */
public final class RowExpression {
    private final Expression expression;
    private final ZoneId zone;

    private RowExpression(Expression expression, ZoneId zone) {
        this.expression = expression;
        this.zone = zone;
    }

    /**
     * Checks an expression.
     *
     * @param start the place in the file of the first character of {@code sql}
     * @param columns those that it may name
     * @param zone of calendar functions and of timestamps without one
     * @throws InvalidInputException with every mistake that was found
     */
    public static RowExpression of(String sql, Problem.Position start, List<Column> columns, ZoneId zone) {
        return checked(sql, start, columns, zone, "an expression on one row", ExpressionTranslator::value);
    }

    /**
     * Checks a condition: what may stand after WHERE.
     *
     * @throws InvalidInputException as {@link #of} does, also when it is no condition
     */
    public static RowExpression condition(String sql, Problem.Position start, List<Column> columns, ZoneId zone) {
        return checked(
                sql,
                start,
                columns,
                zone,
                "a condition on one row",
                (translator, node) -> translator.condition(node, "condition"));
    }

    private static RowExpression checked(
            String sql,
            Problem.Position start,
            List<Column> columns,
            ZoneId zone,
            String place,
            BiFunction<ExpressionTranslator, SqlNode, Expression> translate) {
        List<Problem> problems = new ArrayList<>();
        SqlSource source = new SqlSource(sql, start);
        Reporter reporter = new Reporter(source, problems);
        Fields fields = new Fields();
        List<Field> known = columns.stream()
                .map(column -> fields.make(column.name(), ValueType.of(column.type())))
                .toList();
        ExpressionTranslator translator = new ExpressionTranslator(
                new Scope(List.of(new Scope.Entry("row", known, false))),
                zone,
                reporter,
                CallHandler.refusing(place, reporter));
        Expression expression = source.parseExpression(reporter)
                .map(node -> translate.apply(translator, node))
                .orElseGet(Expression.Broken::new);
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return new RowExpression(expression, zone);
    }

    /** The type of its value. */
    public ColumnType type() {
        return expression.type().column();
    }

    /** The columns that it looks at, in the order of those that it might. */
    public List<Column> columns() {
        return used().stream()
                .map(field -> new Column(field.name(), field.type().column()))
                .toList();
    }

    /** The column that it is, when it is nothing but one. */
    public Optional<Column> column() {
        return expression instanceof Expression.Ref ? Optional.of(columns().getFirst()) : Optional.empty();
    }

    /** The fields that it looks at; the id of each is its place among the columns that it might look at. */
    List<Field> used() {
        TreeSet<Field> used = new TreeSet<>(Comparator.comparingInt(Field::id));
        expression.forEachField(used::add);
        return List.copyOf(used);
    }

    Expression expression() {
        return expression;
    }

    /**
     * The expression in DuckDB's SQL.
     *
     * @param values from the name of a column to the SQL of its value; timestamps are naive, in UTC
     */
    public String duckDbSql(UnaryOperator<String> values) {
        return new DuckDbExpressions(zone, field -> values.apply(field.name())).print(expression);
    }
}
