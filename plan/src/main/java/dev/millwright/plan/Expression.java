package dev.millwright.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A typed expression over the fields of one relation. Equal records compute the same value. */
sealed interface Expression {
    ValueType type();

    List<Expression> children();

    /** The same expression over other children, given in the order of {@link #children}. */
    Expression withChildren(List<Expression> children);

    /** Every field that the expression reads. */
    default void forEachField(Consumer<Field> visitor) {
        if (this instanceof Ref ref) {
            visitor.accept(ref.field());
        }
        children().forEach(child -> child.forEachField(visitor));
    }

    /** Rebuilds the tree from the top: where {@code rule} gives another expression, its children are left alone. */
    default Expression rewrite(UnaryOperator<Expression> rule) {
        Expression replaced = rule.apply(this);
        if (!replaced.equals(this) || children().isEmpty()) {
            return replaced;
        }
        return withChildren(
                children().stream().map(child -> child.rewrite(rule)).toList());
    }

    /** @param value Boolean, Long, Double or String; Long microseconds for timestamps and intervals */
    record Literal(@Nullable Object value, ValueType type) implements Expression {
        @Override
        public List<Expression> children() {
            return List.of();
        }

        @Override
        public Expression withChildren(List<Expression> children) {
            return this;
        }
    }

    record Ref(Field field) implements Expression {
        @Override
        public ValueType type() {
            return field.type();
        }

        @Override
        public List<Expression> children() {
            return List.of();
        }

        @Override
        public Expression withChildren(List<Expression> children) {
            return this;
        }
    }

    record Call(Operation operation, ValueType type, List<Expression> children) implements Expression {
        public Call {
            children = List.copyOf(children);
        }

        @Override
        public Expression withChildren(List<Expression> replaced) {
            return new Call(operation, type, replaced);
        }
    }

    /** The result of the first branch whose condition is TRUE, else {@code otherwise}. */
    record Case(List<Branch> branches, Expression otherwise, ValueType type) implements Expression {
        public Case {
            branches = List.copyOf(branches);
        }

        @Override
        public List<Expression> children() {
            List<Expression> children = new ArrayList<>();
            for (Branch branch : branches) {
                children.add(branch.condition());
                children.add(branch.result());
            }
            children.add(otherwise);
            return children;
        }

        @Override
        public Expression withChildren(List<Expression> replaced) {
            List<Branch> changed = new ArrayList<>();
            for (int i = 0; i + 1 < replaced.size(); i += 2) {
                changed.add(new Branch(replaced.get(i), replaced.get(i + 1)));
            }
            return new Case(changed, replaced.getLast(), type);
        }
    }

    record Branch(Expression condition, Expression result) {}

    /**
     * A conversion; NULL when the value doesn't fit. DOUBLE to BIGINT truncates. Text is a number when it is a decimal literal
     * between spaces, a boolean when it is {@code true} or {@code false} in any case between spaces, a timestamp when it reads
     * {@code yyyy-mm-dd} or {@code yyyy-mm-dd hh:mm[:ss[.ffffff]]} (or with a T), in the view's zone.
     */
    record Cast(Expression operand, ValueType type) implements Expression {
        @Override
        public List<Expression> children() {
            return List.of(operand);
        }

        @Override
        public Expression withChildren(List<Expression> replaced) {
            return new Cast(replaced.getFirst(), type);
        }
    }

    record Extract(CalendarField field, Expression operand) implements Expression {
        @Override
        public ValueType type() {
            return ValueType.BIGINT;
        }

        @Override
        public List<Expression> children() {
            return List.of(operand);
        }

        @Override
        public Expression withChildren(List<Expression> replaced) {
            return new Extract(field, replaced.getFirst());
        }
    }

    /** The start of the day, month … in the view's zone; of an hour or less, the timestamp less what has passed of it. */
    record FloorTime(CalendarField unit, Expression operand) implements Expression {
        @Override
        public ValueType type() {
            return ValueType.TIMESTAMP;
        }

        @Override
        public List<Expression> children() {
            return List.of(operand);
        }

        @Override
        public Expression withChildren(List<Expression> replaced) {
            return new FloorTime(unit, replaced.getFirst());
        }
    }

    /** Stands where a problem was reported. */
    record Broken() implements Expression {
        @Override
        public ValueType type() {
            return ValueType.BROKEN;
        }

        @Override
        public List<Expression> children() {
            return List.of();
        }

        @Override
        public Expression withChildren(List<Expression> children) {
            return this;
        }
    }
}
