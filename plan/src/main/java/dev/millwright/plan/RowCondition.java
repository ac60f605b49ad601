package dev.millwright.plan;

import dev.millwright.core.Column;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A SQL condition on the columns of one row: what stands after WHERE, without aggregates and windows. As there, a condition that is
 * NULL doesn't hold. Immutable and thread-safe.
 */
public final class RowCondition {
    private final List<Column> columns;
    private final Computation computation;

    private RowCondition(List<Column> columns, Computation computation) {
        this.columns = columns;
        this.computation = computation;
    }

    /**
     * Checks a condition.
     *
     * @param start the place in the file of the first character of {@code sql}
     * @param columns those that it may name
     * @throws InvalidInputException with every mistake that was found
     */
    public static RowCondition of(String sql, Problem.Position start, List<Column> columns) {
        List<Problem> problems = new ArrayList<>();
        SqlSource source = new SqlSource(sql, start);
        Reporter reporter = new Reporter(source, problems);
        Fields fields = new Fields();
        List<Field> known = columns.stream()
                .map(column -> fields.make(column.name(), ValueType.of(column.type())))
                .toList();
        Scope scope = new Scope(List.of(new Scope.Entry("row", known, false)));
        ExpressionTranslator translator = new ExpressionTranslator(
                scope, ZoneOffset.UTC, reporter, CallHandler.refusing("a condition on one row", reporter));
        Expression condition = source.parseExpression(reporter)
                .map(node -> translator.condition(node, "condition"))
                .orElseGet(Expression.Broken::new);
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return compile(condition, columns);
    }

    /** Renumbers the columns that it looks at, so that a row needs to hold no others. */
    private static RowCondition compile(Expression condition, List<Column> columns) {
        TreeSet<Field> used = new TreeSet<>(Comparator.comparingInt(Field::id));
        condition.forEachField(used::add);
        List<Field> places = List.copyOf(used);
        Expression renumbered = condition.rewrite(part -> part instanceof Expression.Ref(Field field)
                ? new Expression.Ref(new Field(places.indexOf(field), field.name(), field.type()))
                : part);
        return new RowCondition(
                places.stream().map(field -> columns.get(field.id())).toList(),
                new ExpressionCompiler(ZoneOffset.UTC).compile(renumbered));
    }

    /** The columns that it looks at, in the order of those that it might. */
    public List<Column> columns() {
        return columns;
    }

    /**
     * Whether it holds.
     *
     * @param row a value for each of {@link #columns()}: Boolean, Long, finite Double or String, Long microseconds for timestamps,
     *     null when it is missing
     */
    public boolean holds(@Nullable Object[] row) {
        return Boolean.TRUE.equals(computation.of(row));
    }
}
