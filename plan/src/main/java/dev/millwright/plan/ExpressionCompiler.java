package dev.millwright.plan;

import dev.millwright.plan.Expression.Call;
import dev.millwright.plan.Expression.Case;
import dev.millwright.plan.Expression.Cast;
import dev.millwright.plan.Expression.Extract;
import dev.millwright.plan.Expression.FloorTime;
import dev.millwright.plan.Expression.Literal;
import dev.millwright.plan.Expression.Ref;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compiles expressions to closures that compute what {@link Operation} says. */
final class ExpressionCompiler {
    private final ZoneId zone;

    ExpressionCompiler(ZoneId zone) {
        this.zone = zone;
    }

    Computation compile(Expression expression) {
        return switch (expression) {
            case Literal literal -> {
                Object value = literal.value();
                yield row -> value;
            }
            case Ref ref -> {
                int slot = ref.field().id();
                yield row -> row[slot];
            }
            case Call call -> call(call);
            case Case cases -> cases(cases);
            case Cast cast -> cast(cast);
            case Extract extract -> {
                Computation operand = compile(extract.operand());
                CalendarField field = extract.field();
                yield row ->
                        operand.of(row) instanceof Long micros ? (Object) LocalTime.extract(field, micros, zone) : null;
            }
            case FloorTime floor -> {
                Computation operand = compile(floor.operand());
                CalendarField unit = floor.unit();
                yield row ->
                        operand.of(row) instanceof Long micros ? (Object) LocalTime.floor(unit, micros, zone) : null;
            }
            case Expression.Broken broken ->
                throw new IllegalArgumentException("expression: broken (expected: a checked plan)");
        };
    }

    List<Computation> compile(List<Expression> expressions) {
        return expressions.stream().map(this::compile).toList();
    }

    private Computation call(Call call) {
        Computation[] arguments = compile(call.children()).toArray(Computation[]::new);
        Operation operation = call.operation();
        return switch (operation) {
            case AND -> row -> Scalars.and(arguments[0].of(row), arguments[1], row);
            case OR -> row -> Scalars.or(arguments[0].of(row), arguments[1], row);
            case IS_NULL -> row -> arguments[0].of(row) == null;
            case IS_NOT_NULL -> row -> arguments[0].of(row) != null;
            case IS_TRUE -> row -> Boolean.TRUE.equals(arguments[0].of(row));
            case IS_NOT_TRUE -> row -> !Boolean.TRUE.equals(arguments[0].of(row));
            case IS_FALSE -> row -> Boolean.FALSE.equals(arguments[0].of(row));
            case IS_NOT_FALSE -> row -> !Boolean.FALSE.equals(arguments[0].of(row));
            case COALESCE -> row -> coalesce(arguments, row);
            case NULLIF ->
                row -> {
                    Object first = arguments[0].of(row);
                    Object second = arguments[1].of(row);
                    return first != null && second != null && Scalars.compare(first, second) == 0 ? null : first;
                };
            case IS_DISTINCT -> row -> !Scalars.same(arguments[0].of(row), arguments[1].of(row));
            case IS_NOT_DISTINCT -> row -> Scalars.same(arguments[0].of(row), arguments[1].of(row));
            case GREATEST -> row -> Scalars.extreme(values(arguments, row), 1);
            case LEAST -> row -> Scalars.extreme(values(arguments, row), -1);
            case IN -> row -> Scalars.in(arguments, row);
            default -> strict(operation, arguments);
        };
    }

    private static @Nullable Object coalesce(Computation[] arguments, @Nullable Object[] row) {
        for (Computation argument : arguments) {
            Object value = argument.of(row);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private static @Nullable Object[] values(Computation[] arguments, @Nullable Object[] row) {
        @Nullable Object[] values = new @Nullable Object[arguments.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments[i].of(row);
        }
        return values;
    }

    /** Operations that are NULL when an argument is. */
    private Computation strict(Operation operation, Computation[] arguments) {
        ZoneId local = zone;
        return switch (arguments.length) {
            case 1 ->
                row -> {
                    Object value = arguments[0].of(row);
                    return value == null ? null : Scalars.apply(operation, value, local);
                };
            case 2 ->
                row -> {
                    Object first = arguments[0].of(row);
                    Object second = arguments[1].of(row);
                    return first == null || second == null ? null : Scalars.apply(operation, first, second, local);
                };
            default ->
                row -> {
                    @Nullable Object[] values = values(arguments, row);
                    for (Object value : values) {
                        if (value == null) {
                            return null;
                        }
                    }
                    return Scalars.applyAll(operation, values, local);
                };
        };
    }

    private Computation cases(Case cases) {
        List<Computation> conditions = compile(
                cases.branches().stream().map(Expression.Branch::condition).toList());
        List<Computation> results =
                compile(cases.branches().stream().map(Expression.Branch::result).toList());
        Computation otherwise = compile(cases.otherwise());
        return row -> {
            for (int i = 0; i < conditions.size(); i++) {
                if (Boolean.TRUE.equals(conditions.get(i).of(row))) {
                    return results.get(i).of(row);
                }
            }
            return otherwise.of(row);
        };
    }

    private Computation cast(Cast cast) {
        Computation operand = compile(cast.operand());
        ValueType type = cast.type();
        return row -> {
            Object value = operand.of(row);
            return value == null ? null : Scalars.cast(value, type, zone);
        };
    }
}
