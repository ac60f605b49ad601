package dev.millwright.plan;

import dev.millwright.core.Column;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import java.time.ZoneOffset;
import java.util.List;
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
        return compile(RowExpression.condition(sql, start, columns, ZoneOffset.UTC));
    }

    /** Renumbers the columns that it looks at, so that a row needs to hold no others. */
    private static RowCondition compile(RowExpression condition) {
        List<Field> places = condition.used();
        Expression renumbered = condition
                .expression()
                .rewrite(part -> part instanceof Expression.Ref(Field field)
                        ? new Expression.Ref(new Field(places.indexOf(field), field.name(), field.type()))
                        : part);
        return new RowCondition(condition.columns(), new ExpressionCompiler(ZoneOffset.UTC).compile(renumbered));
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
