package dev.millwright.plan;

import dev.millwright.core.Words;
import dev.millwright.plan.Expression.Branch;
import dev.millwright.plan.Expression.Broken;
import dev.millwright.plan.Expression.Call;
import dev.millwright.plan.Expression.Case;
import dev.millwright.plan.Expression.Cast;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlBetweenOperator;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlLikeOperator;
import org.apache.calcite.sql.fun.SqlTranslate3Function;

/** Turns one parsed expression into a typed one, reporting every mistake in it. */
final class ExpressionTranslator {
    private final Scope scope;
    private final ZoneId zone;
    private final Reporter reporter;
    private final CallHandler handler;
    private final Literals literals;
    private final TimeTranslator times;

    ExpressionTranslator(Scope scope, ZoneId zone, Reporter reporter, CallHandler handler) {
        this.scope = scope;
        this.zone = zone;
        this.reporter = reporter;
        this.handler = handler;
        this.literals = new Literals(zone, reporter);
        this.times = new TimeTranslator(this, literals, reporter);
    }

    /** A condition; NULL counts as one. */
    Expression condition(SqlNode node, String place) {
        Expression expression = translate(node);
        if (!Types.fits(expression.type(), ValueType.BOOLEAN)) {
            return reporter.broken(node, place + ": " + expression.type().label() + " (expected: a condition)");
        }
        return Types.as(ValueType.BOOLEAN, expression);
    }

    /** A value that a column could have. */
    Expression value(SqlNode node) {
        Expression expression = translate(node);
        return expression.type() == ValueType.INTERVAL
                ? reporter.broken(node, "'" + reporter.text(node) + "': a length of time (expected: a value)")
                : expression;
    }

    Expression translate(SqlNode node) {
        return switch (node) {
            case SqlIdentifier identifier
            when identifier.isStar() ->
                reporter.broken(
                        node, "*: not a value (expected: a column). It stands alone in SELECT, or in COUNT(*).");
            case SqlIdentifier identifier -> scope.resolve(identifier, reporter);
            case SqlLiteral literal -> literals.translate(literal);
            case SqlCase cases -> cases(cases);
            case SqlCall call -> call(call);
            default -> reporter.broken(node, "'" + reporter.text(node) + "': not an expression (expected: a value)");
        };
    }

    private Expression call(SqlCall call) {
        return switch (call.getKind()) {
            case OVER -> handler.over(call, this::argument);
            case CAST -> cast(call);
            case SAFE_CAST ->
                reporter.broken(
                        call,
                        call.getOperator().getName()
                                + ": unknown function (expected: CAST, which gives NULL for what doesn't fit)");
            case IS_DISTINCT_FROM -> apply("IS DISTINCT FROM", call, call.getOperandList());
            case IS_NOT_DISTINCT_FROM -> apply("IS NOT DISTINCT FROM", call, call.getOperandList());
            case EXTRACT -> times.extract(call);
            case DATE_TRUNC -> times.truncate(call);
            case TIMESTAMP_ADD -> times.add(call);
            case TIMESTAMP_DIFF -> times.difference(call);
            case INTERVAL -> literals.interval(call);
            case BETWEEN -> between(call);
            case IN, NOT_IN -> in(call);
            case TRIM ->
                apply(
                        "TRIM " + call.operand(0).toString().toUpperCase(Locale.ROOT),
                        call,
                        call.getOperandList().subList(1, 3));
            case MINUS_PREFIX -> negate(call);
            case PLUS_PREFIX -> translate(call.operand(0));
            case FLOOR -> call.operandCount() == 2 ? times.floor(call) : apply("FLOOR", call, call.getOperandList());
            case LIKE -> like(call);
            case FILTER, IGNORE_NULLS, RESPECT_NULLS -> summary(call);
            case WITHIN_GROUP, WITHIN_DISTINCT ->
                reporter.broken(call, call.getOperator().getName() + ": not supported (expected: a plain aggregate)");
            case SELECT, SCALAR_QUERY, EXISTS, SOME, ALL, UNION, WITH, ORDER_BY, CURSOR ->
                reporter.broken(call, "subquery: inside an expression (expected: one in FROM). Join it instead.");
            default -> named(call);
        };
    }

    private Expression named(SqlCall call) {
        String name = call.getOperator() instanceof SqlTranslate3Function
                ? "TRANSLATE"
                : call.getOperator().getName();
        if (AggregateSyntax.isName(name)) {
            return handler.aggregate(AggregateSyntax.of(call), this::argument);
        }
        if (FunctionTable.find(name).isPresent()) {
            return apply(name, call, call.getOperandList());
        }
        call.getOperandList().stream()
                .filter(operand -> operand instanceof SqlCall)
                .forEach(this::translate);
        if (call.getOperator() instanceof SqlAggFunction) {
            return reporter.broken(
                    call, name + ": unknown aggregate." + Words.suggestion(name, AggregateFunction.names()));
        }
        if (CalendarField.find(name).isPresent()) {
            return reporter.broken(call, name + ": unknown function (expected: EXTRACT(" + name + " FROM timestamp))");
        }
        if (call.getOperator() instanceof SqlFunction) {
            return reporter.broken(call, name + ": unknown function." + Words.suggestion(name, FunctionTable.names()));
        }
        return reporter.broken(
                call, name + ": not supported in feature SQL (expected: an operator that the reference lists)");
    }

    /** A function that summarises, with a clause after it. */
    private Expression summary(SqlCall call) {
        AggregateSyntax written = AggregateSyntax.of(call);
        return AggregateSyntax.isName(written.name())
                ? handler.aggregate(written, this::argument)
                : reporter.broken(
                        call,
                        written.name() + ": unknown aggregate."
                                + Words.suggestion(written.name(), AggregateFunction.names()));
    }

    /** An argument of an aggregate or window function, where neither may stand again. */
    private Expression argument(SqlNode node) {
        CallHandler refusing = CallHandler.refusing("another one's argument", reporter);
        return new ExpressionTranslator(scope, zone, reporter, refusing).translate(node);
    }

    private Expression apply(String name, SqlCall call, List<? extends SqlNode> operands) {
        FunctionTable.Function function = FunctionTable.find(name).orElseThrow();
        List<Expression> expressions = operands.stream().map(this::translate).toList();
        if (operands.size() < function.least() || operands.size() > function.most()) {
            return reporter.broken(
                    call, name + ": " + operands.size() + " arguments (expected: " + function.usage() + ")");
        }
        return build(function, call, operands, expressions);
    }

    private Expression build(
            FunctionTable.Function function,
            SqlNode call,
            List<? extends SqlNode> nodes,
            List<Expression> expressions) {
        Arguments arguments = new Arguments(call, nodes, expressions, function.usage(), reporter);
        if (arguments.failed()) {
            return new Broken();
        }
        Expression built = function.builder().build(arguments);
        return arguments.failed() ? new Broken() : built;
    }

    private Expression apply(String name, SqlNode call, List<SqlNode> nodes, Expression... expressions) {
        return build(FunctionTable.find(name).orElseThrow(), call, nodes, List.of(expressions));
    }

    private Expression negate(SqlCall call) {
        Expression operand = translate(call.operand(0));
        return apply("NEGATE", call, List.of(call.operand(0)), operand);
    }

    private Expression cases(SqlCase call) {
        SqlNode value = call.getValueOperand();
        List<Expression> conditions = new ArrayList<>();
        for (SqlNode when : call.getWhenOperands()) {
            conditions.add(
                    value == null
                            ? condition(when, "WHEN")
                            : apply("=", when, List.of(value, when), translate(value), translate(when)));
        }
        List<SqlNode> resultNodes = Stream.concat(call.getThenOperands().stream(), Stream.of(call.getElseOperand()))
                .toList();
        List<Expression> results = resultNodes.stream().map(this::translate).toList();
        Optional<ValueType> type = Types.common(results);
        if (type.isEmpty() || type.get().isLength()) {
            String types = String.join(
                    ", ", results.stream().map(result -> result.type().label()).toList());
            return reporter.broken(
                    call, "CASE: " + types + " (expected: results of one type). Write CAST(… AS type) around one.");
        }
        if (type.get() == ValueType.BROKEN || conditions.stream().anyMatch(condition -> condition instanceof Broken)) {
            return new Broken();
        }
        List<Branch> branches = new ArrayList<>();
        for (int i = 0; i < conditions.size(); i++) {
            branches.add(new Branch(conditions.get(i), Types.as(type.get(), results.get(i))));
        }
        return new Case(branches, Types.as(type.get(), results.getLast()), type.get());
    }

    private Expression between(SqlCall call) {
        SqlBetweenOperator operator = (SqlBetweenOperator) call.getOperator();
        Expression value = translate(call.operand(0));
        Expression low = translate(call.operand(1));
        Expression high = translate(call.operand(2));
        Expression between =
                both(Operation.AND, compared(">=", call, 1, value, low), compared("<=", call, 2, value, high));
        if (operator.flag == SqlBetweenOperator.Flag.SYMMETRIC) {
            Expression turned =
                    both(Operation.AND, compared(">=", call, 2, value, high), compared("<=", call, 1, value, low));
            between = both(Operation.OR, between, turned);
        }
        return not(operator.isNegated(), between);
    }

    private Expression compared(String comparison, SqlCall call, int bound, Expression value, Expression with) {
        return apply(comparison, call, List.of(call.operand(0), call.operand(bound)), value, with);
    }

    private static Expression both(Operation operation, Expression a, Expression b) {
        return a instanceof Broken || b instanceof Broken
                ? new Broken()
                : new Call(operation, ValueType.BOOLEAN, List.of(a, b));
    }

    private static Expression not(boolean negated, Expression condition) {
        return negated && !(condition instanceof Broken)
                ? new Call(Operation.NOT, ValueType.BOOLEAN, List.of(condition))
                : condition;
    }

    private Expression in(SqlCall call) {
        if (!(call.operand(1) instanceof SqlNodeList list)) {
            return reporter.broken(call, "IN: a subquery (expected: a list of values). Join the subquery instead.");
        }
        List<SqlNode> nodes = new ArrayList<>(List.of(call.operand(0)));
        nodes.addAll(list.getList());
        return not(call.getKind() == SqlKind.NOT_IN, apply("IN", call, nodes));
    }

    private Expression like(SqlCall call) {
        SqlLikeOperator operator = (SqlLikeOperator) call.getOperator();
        if (!operator.isCaseSensitive()) {
            return reporter.broken(
                    call,
                    operator.getName()
                            + ": not supported (expected: text LIKE pattern). For any case, LOWER the text.");
        }
        return not(operator.isNegated(), apply("LIKE", call, call.getOperandList()));
    }

    private Expression cast(SqlCall call) {
        Expression operand = translate(call.operand(0));
        if (!(call.operand(1) instanceof SqlDataTypeSpec spec)) {
            return reporter.broken(
                    call, "CAST: '" + reporter.text(call.operand(1)) + "' (expected: CAST(value AS type))");
        }
        Optional<ValueType> type = Casts.target(spec, reporter);
        if (type.isEmpty() || operand instanceof Broken) {
            return new Broken();
        }
        Optional<String> objection = Casts.objection(operand.type(), type.get());
        if (objection.isPresent()) {
            return reporter.broken(
                    call,
                    "CAST: " + operand.type().label() + " to " + type.get().label() + " (expected: " + objection.get()
                            + ")");
        }
        return operand.type() == type.get() || operand.type() == ValueType.NULL
                ? Types.as(type.get(), operand)
                : new Cast(operand, type.get());
    }
}
