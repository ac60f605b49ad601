package dev.millwright.plan;

import dev.millwright.plan.Expression.Ref;
import dev.millwright.plan.Relation.Assignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;

/** Turns aggregate functions of a SELECT with GROUP BY into calls, each distinct one once. */
final class AggregateTranslator implements CallHandler {
    private final Reporter reporter;
    private final Fields fields;
    private final List<AggregateCall> calls = new ArrayList<>();

    AggregateTranslator(Reporter reporter, Fields fields) {
        this.reporter = reporter;
        this.fields = fields;
    }

    List<AggregateCall> calls() {
        return calls;
    }

    @Override
    public Expression aggregate(SqlCall call, AggregateFunction function, Function<SqlNode, Expression> arguments) {
        Optional<AggregateCall> checked = check(call, function, arguments);
        if (checked.isEmpty()) {
            return new Expression.Broken();
        }
        for (AggregateCall known : calls) {
            if (known.function() == function
                    && known.argument().equals(checked.get().argument())) {
                return new Ref(known.field());
            }
        }
        calls.add(checked.get());
        return new Ref(checked.get().field());
    }

    @Override
    public Expression over(SqlCall call, Function<SqlNode, Expression> arguments) {
        return reporter.broken(
                call, "OVER: beside GROUP BY (expected: one of them). Compute the window in a CTE of its own.");
    }

    /** The call with its argument of the type that the function computes with, or empty after a problem was reported. */
    Optional<AggregateCall> check(SqlCall call, AggregateFunction function, Function<SqlNode, Expression> arguments) {
        if (call.getFunctionQuantifier() != null) {
            reporter.report(call, function + ": " + call.getFunctionQuantifier() + " (expected: a plain aggregate)");
            return Optional.empty();
        }
        if (call.operandCount() != 1) {
            reporter.report(call, function + ": " + call.operandCount() + " arguments (expected: 1)");
            return Optional.empty();
        }
        SqlNode node = call.operand(0);
        if (node instanceof SqlIdentifier identifier && identifier.isStar()) {
            if (function != AggregateFunction.COUNT) {
                reporter.report(node, function + ": * (expected: a value)");
                return Optional.empty();
            }
            return Optional.of(make(function, Optional.empty(), ValueType.BIGINT));
        }
        Expression argument = arguments.apply(node);
        return typed(function, argument, node).map(typed -> make(function, Optional.of(typed), typed.type()));
    }

    private Optional<Expression> typed(AggregateFunction function, Expression argument, SqlNode node) {
        if (argument.type() == ValueType.BROKEN) {
            return Optional.empty();
        }
        boolean wrong = argument.type() == ValueType.INTERVAL
                || argument.type() == ValueType.NULL
                || (function.takesOnlyNumbers() && !argument.type().isNumeric());
        if (wrong) {
            reporter.report(
                    node,
                    "'" + reporter.text(node) + "': " + argument.type().label() + " (expected: "
                            + (function.takesOnlyNumbers() ? "a number" : "a value") + ", in " + function + "(…))");
            return Optional.empty();
        }
        boolean real = function == AggregateFunction.AVG || function == AggregateFunction.STDDEV_SAMP;
        return Optional.of(real ? Types.as(ValueType.DOUBLE, argument) : argument);
    }

    private AggregateCall make(AggregateFunction function, Optional<Expression> argument, ValueType type) {
        String name = function.name().toLowerCase(java.util.Locale.ROOT);
        return new AggregateCall(fields.make(name, function.type(type)), function, argument);
    }

    /** The expression in terms of the group's columns; reports columns that are neither grouped by nor aggregated. */
    Expression overGroups(Expression expression, List<Assignment> keys, SqlNode node) {
        if (expression.type() == ValueType.BROKEN) {
            return expression;
        }
        Expression grouped = expression.rewrite(part -> keys.stream()
                .filter(key -> key.value().equals(part))
                .<Expression>map(key -> new Ref(key.field()))
                .findFirst()
                .orElse(part));
        List<Field> known =
                new ArrayList<>(calls.stream().map(AggregateCall::field).toList());
        keys.forEach(key -> known.add(key.field()));
        List<Field> unknown = new ArrayList<>();
        grouped.forEachField(field -> {
            if (!known.contains(field)) {
                unknown.add(field);
            }
        });
        return unknown.isEmpty()
                ? grouped
                : reporter.broken(
                        node,
                        unknown.getFirst().name()
                                + ": not in GROUP BY (expected: a grouped column, or an aggregate of it)");
    }
}
