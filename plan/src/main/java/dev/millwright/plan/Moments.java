package dev.millwright.plan;

import dev.millwright.plan.Expression.Call;
import dev.millwright.plan.Expression.FloorTime;
import dev.millwright.plan.Expression.Literal;
import dev.millwright.plan.Expression.Ref;
import dev.millwright.plan.Relation.Assignment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is certain of the order of timestamps: which are others plus a constant, and which can't be later than others since a join
 * matched them. Not thread-safe.
 */
final class Moments {
    private final Map<Field, Expression> values = new HashMap<>();
    private final Map<Expression, List<Moment>> latest = new HashMap<>();

    void define(Assignment assignment) {
        values.put(assignment.field(), inlined(assignment.value()));
    }

    /** Takes down that {@code earlier} is never after {@code later}, in rows where it isn't missing. */
    void order(Expression earlier, Expression later) {
        order(earlier, of(later));
    }

    void order(Expression earlier, Moment second) {
        Moment first = of(earlier);
        latest.computeIfAbsent(first.clock(), clock -> new ArrayList<>()).add(second.plus(-first.micros()));
    }

    Moment of(Expression timestamp) {
        return split(inlined(timestamp));
    }

    private static Moment split(Expression expression) {
        if (expression instanceof Call call && call.operation() == Operation.ADD_MICROS) {
            OptionalLong length = constant(call.children().getLast());
            if (length.isPresent()) {
                return split(call.children().getFirst()).plus(length.getAsLong());
            }
        }
        return new Moment(expression, 0);
    }

    private Expression inlined(Expression expression) {
        return expression.rewrite(part -> part instanceof Ref(Field field)
                ? Optional.ofNullable(values.get(field)).orElse(part)
                : part);
    }

    private static OptionalLong constant(Expression expression) {
        return switch (expression) {
            case Literal(Long value, ValueType type) -> OptionalLong.of(value);
            case Call call
            when call.operation() == Operation.MULTIPLY_LONG -> {
                OptionalLong first = constant(call.children().getFirst());
                OptionalLong second = constant(call.children().getLast());
                yield first.isPresent() && second.isPresent()
                        ? product(first.getAsLong(), second.getAsLong())
                        : OptionalLong.empty();
            }
            default -> OptionalLong.empty();
        };
    }

    private static OptionalLong product(long a, long b) {
        return Math.multiplyHigh(a, b) == (a * b) >> 63 ? OptionalLong.of(a * b) : OptionalLong.empty();
    }

    /** The least that has to be added to {@code clock} for it to be at or after {@code moment} in any case; empty where nothing does. */
    OptionalLong lag(Moment moment, Expression clock) {
        return lag(moment, clock, new HashSet<>());
    }

    private OptionalLong lag(Moment moment, Expression clock, Set<Expression> passed) {
        if (moment.clock().equals(clock)) {
            return OptionalLong.of(moment.micros());
        }
        if (!passed.add(moment.clock())) {
            return OptionalLong.empty();
        }
        OptionalLong least = bounds(moment.clock())
                .map(bound -> lag(bound.plus(moment.micros()), clock, passed))
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .min();
        passed.remove(moment.clock());
        return least;
    }

    private Stream<Moment> bounds(Expression clock) {
        Stream<Moment> matched = Optional.ofNullable(latest.get(clock)).orElse(List.of()).stream();
        return clock instanceof FloorTime floor ? Stream.concat(matched, Stream.of(of(floor.operand()))) : matched;
    }
}
