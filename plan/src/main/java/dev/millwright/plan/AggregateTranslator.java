package dev.millwright.plan;

import dev.millwright.plan.Expression.Branch;
import dev.millwright.plan.Expression.Case;
import dev.millwright.plan.Expression.Literal;
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
    private final List<AggregateCall> calls;

    AggregateTranslator(Reporter reporter, Fields fields) {
        this(reporter, fields, new ArrayList<>());
    }

    private AggregateTranslator(Reporter reporter, Fields fields, List<AggregateCall> calls) {
        this.reporter = reporter;
        this.fields = fields;
        this.calls = calls;
    }

    /** One that adds to the same calls, for an expression that stands elsewhere. */
    AggregateTranslator reportingTo(Reporter other) {
        return new AggregateTranslator(other, fields, calls);
    }

    List<AggregateCall> calls() {
        return calls;
    }

    @Override
    public Expression aggregate(AggregateSyntax written, Function<SqlNode, Expression> arguments) {
        if (AggregateFunction.find(written.name())
                .filter(AggregateFunction::isPlace)
                .isPresent()) {
            return reporter.broken(written.call(), onlyWindows(written.name()));
        }
        Optional<AggregateCall> checked = check(written, arguments);
        if (checked.isEmpty()) {
            return new Expression.Broken();
        }
        for (AggregateCall known : calls) {
            if (known.function() == checked.get().function()
                    && known.argument().equals(checked.get().argument())) {
                return new Ref(known.field());
            }
        }
        calls.add(checked.get());
        return new Ref(checked.get().field());
    }

    private static String onlyWindows(String name) {
        return name + ": without OVER (expected: " + name + "(…) OVER (PARTITION BY … ORDER BY …))";
    }

    @Override
    public Expression over(SqlCall call, Function<SqlNode, Expression> arguments) {
        return reporter.broken(
                call, "OVER: beside GROUP BY (expected: one of them). Compute the window in a CTE of its own.");
    }

    /** The call with its argument of the type that the function computes with, or empty after a problem was reported. */
    Optional<AggregateCall> check(AggregateSyntax written, Function<SqlNode, Expression> arguments) {
        SqlCall call = written.call();
        boolean countsConditions = written.name().equals("COUNT_IF");
        Optional<AggregateFunction> function =
                countsConditions ? Optional.of(AggregateFunction.COUNT) : AggregateFunction.find(written.name());
        if (function.isEmpty()) {
            reporter.report(call, onlyWindows(written.name()));
            return Optional.empty();
        }
        if (call.operandCount() != 1) {
            reporter.report(call, written.name() + ": " + call.operandCount() + " arguments (expected: 1)");
            return Optional.empty();
        }
        Optional<AggregateFunction> form = form(written, function.get());
        Optional<Expression> filter = written.filter().map(node -> condition(node, "FILTER", arguments));
        SqlNode node = call.operand(0);
        if (node instanceof SqlIdentifier identifier && identifier.isStar()) {
            return form.flatMap(counted -> ofRows(counted, node, filter));
        }
        Expression argument =
                countsConditions ? whereTrue(condition(node, "COUNT_IF", arguments)) : arguments.apply(node);
        return form.flatMap(known -> typed(known, argument, node)
                .map(typed -> filter.map(condition -> where(condition, typed)).orElse(typed))
                .filter(typed -> typed.type() != ValueType.BROKEN)
                .map(typed -> make(known, Optional.of(typed), typed.type())));
    }

    /** The function that DISTINCT or IGNORE NULLS makes of one. */
    private Optional<AggregateFunction> form(AggregateSyntax written, AggregateFunction function) {
        String wrong = "";
        if (written.distinct() && function != AggregateFunction.COUNT) {
            wrong = "DISTINCT (expected: only in COUNT)";
        } else if (written.ignoresNulls() && !function.isPlace()) {
            wrong = "IGNORE NULLS (expected: only after FIRST_VALUE and LAST_VALUE). NULLs are left out anyway.";
        } else if (function.isPlace() && !written.ignoresNulls()) {
            wrong = "without IGNORE NULLS (expected: " + function
                    + "(…) IGNORE NULLS). NULLs are left out, as by all others.";
        }
        if (!wrong.isEmpty()) {
            reporter.report(written.call(), written.name() + ": " + wrong);
            return Optional.empty();
        }
        return Optional.of(written.distinct() ? AggregateFunction.COUNT_DISTINCT : function);
    }

    private Expression condition(SqlNode node, String place, Function<SqlNode, Expression> arguments) {
        Expression condition = arguments.apply(node);
        return Types.fits(condition.type(), ValueType.BOOLEAN)
                ? Types.as(ValueType.BOOLEAN, condition)
                : reporter.broken(node, place + ": " + condition.type().label() + " (expected: a condition)");
    }

    private Optional<AggregateCall> ofRows(AggregateFunction function, SqlNode star, Optional<Expression> filter) {
        if (function != AggregateFunction.COUNT) {
            reporter.report(star, function + ": * (expected: a value)");
            return Optional.empty();
        }
        Optional<Expression> counted = filter.map(AggregateTranslator::whereTrue);
        return counted.filter(argument -> argument.type() == ValueType.BROKEN).isPresent()
                ? Optional.empty()
                : Optional.of(make(function, counted, ValueType.BIGINT));
    }

    /** TRUE for the rows that a condition holds for, else NULL. */
    private static Expression whereTrue(Expression condition) {
        return where(condition, new Literal(true, ValueType.BOOLEAN));
    }

    /** The value for the rows that a condition holds for, else NULL: what a function that leaves NULLs out doesn't see. */
    private static Expression where(Expression condition, Expression value) {
        return condition.type() == ValueType.BROKEN
                ? condition
                : new Case(List.of(new Branch(condition, value)), new Literal(null, value.type()), value.type());
    }

    private Optional<Expression> typed(AggregateFunction function, Expression argument, SqlNode node) {
        if (argument.type() == ValueType.BROKEN) {
            return Optional.empty();
        }
        boolean wrong = argument.type().isLength()
                || argument.type() == ValueType.NULL
                || (function.takesOnlyNumbers() && !argument.type().isNumeric());
        if (wrong) {
            reporter.report(
                    node,
                    "'" + reporter.text(node) + "': " + argument.type().label() + " (expected: "
                            + (function.takesOnlyNumbers() ? "a number" : "a value") + ", in " + function + "(…))");
            return Optional.empty();
        }
        return Optional.of(function.computesDoubles() ? Types.as(ValueType.DOUBLE, argument) : argument);
    }

    /** A call over a value that is already translated, or empty after a problem was reported. */
    Optional<AggregateCall> make(AggregateFunction function, Expression argument, SqlNode node) {
        return typed(function, argument, node).map(typed -> make(function, Optional.of(typed), typed.type()));
    }

    AggregateCall countOfRows() {
        return make(AggregateFunction.COUNT, Optional.empty(), ValueType.BIGINT);
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
