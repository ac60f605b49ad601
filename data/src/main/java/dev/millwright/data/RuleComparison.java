package dev.millwright.data;

import dev.millwright.data.ContractChange.Kind;
import dev.millwright.data.Expectation.Comparator;
import dev.millwright.data.Expectation.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Compares the rules of one column, of values that can be compared, by the sets of values that they let through. Of two patterns,
 * and of times of which one has an offset and the other has none, neither set is known to hold the other: such a change is
 * both, {@link Kind#WIDEN} and {@link Kind#NARROW}.
 */
final class RuleComparison {
    // The stricter of two with the same value first.
    private static final List<Comparator> LOW = List.of(Comparator.GREATER, Comparator.GREATER_OR_EQUAL);
    private static final List<Comparator> HIGH = List.of(Comparator.LESS, Comparator.LESS_OR_EQUAL);

    private final ColumnContract before;
    private final ColumnContract after;
    private final List<ContractChange> changes = new ArrayList<>();

    RuleComparison(ColumnContract before, ColumnContract after) {
        this.before = before;
        this.after = after;
    }

    List<ContractChange> changes() {
        rules(ValueRule.Required.class);
        bounds(LOW);
        bounds(HIGH);
        values();
        rules(ValueRule.Matches.class);
        return changes;
    }

    /** Rules that either are there or not. */
    private void rules(Class<? extends ValueRule> kind) {
        List<ValueRule> was = ofKind(before, kind);
        List<ValueRule> now = ofKind(after, kind);
        if (was.isEmpty() || now.isEmpty()) {
            was.forEach(rule -> add(Kind.WIDEN, text(before, rule), "no such rule"));
            now.forEach(rule -> add(Kind.NARROW, "no such rule", text(after, rule)));
        } else if (!was.equals(now)) {
            either(text(before, was.getFirst()), text(after, now.getFirst()));
        }
    }

    private static List<ValueRule> ofKind(ColumnContract column, Class<? extends ValueRule> kind) {
        return column.rules().stream().filter(kind::isInstance).toList();
    }

    private void bounds(List<Comparator> side) {
        Optional<ValueRule.Bound> was = bound(before, side);
        Optional<ValueRule.Bound> now = bound(after, side);
        if (was.equals(now)) {
            return;
        }
        String wasText = was.map(rule -> text(before, rule)).orElse("no such rule");
        String nowText = now.map(rule -> text(after, rule)).orElse("no such rule");
        if (now.isEmpty()) {
            add(Kind.WIDEN, wasText, nowText);
        } else if (was.isEmpty()) {
            add(Kind.NARROW, wasText, nowText);
        } else {
            OptionalInt stricter = stricter(was.get(), now.get(), side);
            if (stricter.isEmpty()) {
                either(wasText, nowText);
            } else if (stricter.getAsInt() != 0) {
                add(stricter.getAsInt() > 0 ? Kind.NARROW : Kind.WIDEN, wasText, nowText);
            }
        }
    }

    private static Optional<ValueRule.Bound> bound(ColumnContract column, List<Comparator> side) {
        return column.rules().stream()
                .flatMap(rule -> rule instanceof ValueRule.Bound bound ? Stream.of(bound) : Stream.empty())
                .filter(bound -> side.contains(bound.comparator()))
                .findFirst();
    }

    /** Positive when the later bound lets less through, 0 when it lets through the same; empty when that can't be told. */
    private static OptionalInt stricter(ValueRule.Bound was, ValueRule.Bound now, List<Comparator> side) {
        OptionalInt order = ValueOrder.compare(now.value(), was.value());
        if (order.isEmpty()) {
            return order;
        }
        int inwards = side.equals(LOW) ? order.getAsInt() : -order.getAsInt();
        return OptionalInt.of(inwards != 0 ? inwards : side.indexOf(was.comparator()) - side.indexOf(now.comparator()));
    }

    private void values() {
        Optional<ValueRule.OneOf> was = list(before);
        Optional<ValueRule.OneOf> now = list(after);
        if (was.isEmpty() || now.isEmpty()) {
            rules(ValueRule.OneOf.class);
            return;
        }
        Set<Value> earlier = normal(was.get());
        Set<Value> later = normal(now.get());
        if (!earlier.containsAll(later)) {
            add(Kind.WIDEN, text(before, was.get()), text(after, now.get()));
        }
        if (!later.containsAll(earlier)) {
            add(Kind.NARROW, text(before, was.get()), text(after, now.get()));
        }
    }

    private static Optional<ValueRule.OneOf> list(ColumnContract column) {
        return column.rules().stream()
                .flatMap(rule -> rule instanceof ValueRule.OneOf values ? Stream.of(values) : Stream.empty())
                .findFirst();
    }

    private static Set<Value> normal(ValueRule.OneOf rule) {
        Set<Value> values = new HashSet<>();
        rule.values().forEach(value -> values.add(ValueOrder.normal(value)));
        return values;
    }

    private void either(String was, String now) {
        add(Kind.WIDEN, was, now);
        add(Kind.NARROW, was, now);
    }

    private static String text(ColumnContract column, ValueRule rule) {
        return "'" + rule.about(column.name()).text() + "'";
    }

    private void add(Kind kind, String was, String now) {
        changes.add(new ContractChange(after.name(), kind, was, now));
    }
}
