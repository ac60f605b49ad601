package dev.millwright.plan;

import dev.millwright.plan.Expression.Broken;
import dev.millwright.plan.Expression.Cast;
import dev.millwright.plan.Expression.Literal;
import java.util.Collection;
import java.util.Optional;

/** How types are brought together: BIGINT becomes DOUBLE beside a DOUBLE, NULL becomes anything, and nothing else changes. */
final class Types {
    private Types() {}

    /** The type that all of these can have; BROKEN when one is, NULL when all are; empty when they don't fit. */
    static Optional<ValueType> common(Collection<Expression> expressions) {
        ValueType common = ValueType.NULL;
        for (Expression expression : expressions) {
            Optional<ValueType> next = common(common, expression.type());
            if (next.isEmpty()) {
                return next;
            }
            common = next.get();
        }
        return Optional.of(common);
    }

    static Optional<ValueType> common(ValueType a, ValueType b) {
        if (a == ValueType.BROKEN || b == ValueType.BROKEN) {
            return Optional.of(ValueType.BROKEN);
        }
        if (a == b || b == ValueType.NULL) {
            return Optional.of(a);
        }
        if (a == ValueType.NULL) {
            return Optional.of(b);
        }
        return a.isNumeric() && b.isNumeric() ? Optional.of(ValueType.DOUBLE) : Optional.empty();
    }

    /** Whether a value of this type can stand where the other is asked for. */
    static boolean fits(ValueType actual, ValueType expected) {
        return common(actual, expected)
                .filter(common -> common == expected || common == ValueType.BROKEN)
                .isPresent();
    }

    /** The expression with a type that it {@link #fits}. */
    static Expression as(ValueType type, Expression expression) {
        if (expression.type() == type || expression instanceof Broken) {
            return expression;
        }
        if (type == ValueType.BROKEN) {
            return new Broken();
        }
        if (expression instanceof Literal literal) {
            Object value = literal.value() instanceof Long number && type == ValueType.DOUBLE
                    ? (Object) number.doubleValue()
                    : literal.value();
            return new Literal(value, type);
        }
        return new Cast(expression, type);
    }
}
