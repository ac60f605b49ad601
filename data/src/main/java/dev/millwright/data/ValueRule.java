package dev.millwright.data;

import dev.millwright.core.ColumnType;
import dev.millwright.data.Expectation.Comparator;
import dev.millwright.data.Expectation.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a contract says of the values of one column. A missing value breaks {@link Required} alone. */
public sealed interface ValueRule {
    /** No value is missing. */
    record Required() implements ValueRule {}

    /** Compared with a constant. */
    record Bound(Comparator comparator, Value value) implements ValueRule {}

    /** One of these. */
    record OneOf(List<Value> values) implements ValueRule {
        public OneOf {
            values = List.copyOf(values);
        }
    }

    /** The whole text, in RE2's grammar. */
    record Matches(String pattern) implements ValueRule {}

    /** The constant of a type that {@code text} stands for; empty when it stands for none. */
    static Optional<Value> constant(ColumnType type, String text) {
        String stripped = text.strip();
        return switch (type) {
            case BIGINT, DOUBLE ->
                Optional.of(stripped)
                        .filter(Cells::isNumber)
                        .<Value>map(Value.Numeral::new)
                        .filter(value -> ValueOrder.findNormal(value).isPresent());
            case VARCHAR -> Optional.of(new Value.Text(text));
            case BOOLEAN ->
                stripped.equals("true") || stripped.equals("false")
                        ? Optional.of(new Value.Truth(stripped.equals("true")))
                        : Optional.empty();
            case TIMESTAMP ->
                Optional.of(stripped)
                        .filter(Cells::isTimestamp)
                        .<Value>map(Value.Time::new)
                        .filter(value -> ValueOrder.findNormal(value).isPresent());
        };
    }

    /** The same as an expectation. */
    default Expectation.OfRow about(String column) {
        String name = column.matches("[A-Za-z_][A-Za-z0-9_]*") ? column : Sql.identifier(column);
        return switch (this) {
            case Required _ -> new Expectation.Present(name + " is not null", column);
            case Bound rule ->
                new Expectation.Compared(
                        name + " " + rule.comparator().sql() + " " + text(rule.value()),
                        column,
                        rule.comparator(),
                        rule.value());
            case OneOf rule ->
                new Expectation.OneOf(
                        name + " in ("
                                + rule.values().stream().map(ValueRule::text).collect(Collectors.joining(", ")) + ")",
                        column,
                        rule.values(),
                        Expectation.Polarity.POSITIVE);
            case Matches rule ->
                new Expectation.Matches(name + " matches " + Sql.literal(rule.pattern()), column, rule.pattern());
        };
    }

    private static String text(Value value) {
        return switch (value) {
            case Value.Numeral number -> number.digits();
            case Value.Text text -> Sql.literal(text.text());
            case Value.Truth truth -> Boolean.toString(truth.value());
            case Value.Time time -> Sql.literal(time.iso());
            case Value.Now now -> now.text();
        };
    }
}
