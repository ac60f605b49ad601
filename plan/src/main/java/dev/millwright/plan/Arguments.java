package dev.millwright.plan;

import dev.millwright.plan.Expression.Call;
import dev.millwright.plan.Expression.Literal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.sql.SqlNode;

/** The arguments of one call, as a function asks for them; wrong types are reported where the argument stands. */
final class Arguments {
    private final SqlNode call;
    private final List<? extends SqlNode> nodes;
    private final List<Expression> expressions;
    private final String usage;
    private final Reporter reporter;
    private boolean failed;

    Arguments(
            SqlNode call,
            List<? extends SqlNode> nodes,
            List<Expression> expressions,
            String usage,
            Reporter reporter) {
        this.call = call;
        this.nodes = nodes;
        this.expressions = expressions;
        this.usage = usage;
        this.reporter = reporter;
        this.failed = expressions.stream().anyMatch(expression -> expression.type() == ValueType.BROKEN);
    }

    int count() {
        return expressions.size();
    }

    /** Whether a problem was reported here or in an argument, so that the call's value means nothing. */
    boolean failed() {
        return failed;
    }

    Expression any(int index) {
        return expressions.get(index);
    }

    ValueType type(int index) {
        return expressions.get(index).type();
    }

    Expression as(int index, ValueType type) {
        Expression expression = expressions.get(index);
        if (!Types.fits(expression.type(), type)) {
            fail(index, type.label());
        }
        return failed ? new Expression.Broken() : Types.as(type, expression);
    }

    /** BIGINT when all the arguments are, else DOUBLE; reports those that are no numbers. */
    ValueType numeric() {
        ValueType type = ValueType.BIGINT;
        for (int i = 0; i < expressions.size(); i++) {
            ValueType actual = expressions.get(i).type();
            if (actual == ValueType.DOUBLE) {
                type = ValueType.DOUBLE;
            } else if (!Types.fits(actual, ValueType.BIGINT)) {
                fail(i, "a number");
            }
        }
        return type;
    }

    /** The type that all the arguments can have; reports the call when there is none. */
    ValueType common() {
        Optional<ValueType> common = Types.common(expressions);
        if (common.isEmpty() || common.get().isLength()) {
            fail(call, describe() + " (expected: values of one type). Write CAST(… AS type) around one.");
        }
        return common.orElse(ValueType.BROKEN);
    }

    List<Expression> all(ValueType type) {
        List<Expression> converted = new ArrayList<>();
        for (int i = 0; i < expressions.size(); i++) {
            converted.add(as(i, type));
        }
        return converted;
    }

    /** The operation on arguments of these types. */
    Expression call(Operation operation, ValueType result, ValueType... types) {
        List<Expression> converted = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            converted.add(as(i, types[i]));
        }
        return new Call(operation, result, converted);
    }

    /** The operation on numbers, taken as DOUBLE. */
    Expression doubles(Operation operation) {
        numeric();
        return new Call(operation, ValueType.DOUBLE, failed ? List.of() : all(ValueType.DOUBLE));
    }

    /** The operation on numbers, for BIGINT when all of them are. */
    Expression numeric(Operation whole, Operation real) {
        ValueType type = numeric();
        return new Call(type == ValueType.BIGINT ? whole : real, type, failed ? List.of() : all(type));
    }

    /** The operation on values of one type, which is the result's. */
    Expression common(Operation operation) {
        ValueType type = common();
        return new Call(operation, type, all(type));
    }

    /** The value of a text literal; empty after a problem was reported. */
    String text(int index) {
        if (expressions.get(index) instanceof Literal literal && literal.value() instanceof String text) {
            return text;
        }
        fail(index, "a literal");
        return "";
    }

    /** The value of a literal of one code point. */
    String character(int index) {
        String text = text(index);
        if (!failed && text.codePointCount(0, text.length()) != 1) {
            fail(index, "a literal of one character");
        }
        return text;
    }

    /** The value of a whole-number literal within bounds. */
    long literal(int index, long from, long to) {
        if (expressions.get(index) instanceof Literal literal
                && literal.value() instanceof Long value
                && value >= from
                && value <= to) {
            return value;
        }
        fail(index, "a whole number from " + from + " to " + to);
        return from;
    }

    void fail(int index, String expected) {
        ValueType actual = expressions.get(index).type();
        if (actual != ValueType.BROKEN) {
            reporter.report(
                    nodes.get(index),
                    reporter.text(nodes.get(index)) + ": " + actual.label() + " (expected: " + expected + ", in "
                            + usage + ")");
        }
        failed = true;
    }

    private void fail(SqlNode at, String message) {
        if (!failed) {
            reporter.report(at, message);
        }
        failed = true;
    }

    private String describe() {
        return usage + ": "
                + String.join(
                        ", ",
                        expressions.stream()
                                .map(expression -> expression.type().label())
                                .toList());
    }
}
