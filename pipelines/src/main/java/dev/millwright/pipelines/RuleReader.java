package dev.millwright.pipelines;

import dev.millwright.core.ColumnType;
import dev.millwright.data.Expectation.Comparator;
import dev.millwright.data.Expectation.Value;
import dev.millwright.data.ValueRule;
import dev.millwright.pipelines.PipelineFile.Located;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a column's contract says of its values: {@code required}, {@code min}, {@code max}, {@code values}, {@code pattern}. */
final class RuleReader {
    private static final Pattern NOW = Pattern.compile("now(?:\\s*\\+\\s*(.*))?");

    private final Section section;
    private final Optional<ColumnType> type;

    RuleReader(Section section, Optional<ColumnType> type) {
        this.section = section;
        this.type = type;
    }

    List<ValueRule> read() {
        List<ValueRule> rules = new ArrayList<>();
        if (ContractReader.bool(section, "required")) {
            rules.add(new ValueRule.Required());
        }
        Optional<Value> low = bound("min");
        Optional<Value> high = bound("max");
        low.ifPresent(value -> rules.add(new ValueRule.Bound(Comparator.GREATER_OR_EQUAL, value)));
        high.ifPresent(value -> rules.add(new ValueRule.Bound(Comparator.LESS_OR_EQUAL, value)));
        requireOrder(low, high);
        values().ifPresent(rules::add);
        section.text("pattern").map(text -> new ValueRule.Matches(text.text())).ifPresent(rules::add);
        return rules;
    }

    private Optional<Value> bound(String key) {
        return section.text(key).flatMap(text -> {
            if (type.filter(known -> known == ColumnType.BOOLEAN || known == ColumnType.VARCHAR)
                    .isPresent()) {
                report(text, section.child(key) + ": of a " + label() + " column (expected: a number or timestamp).");
                return Optional.empty();
            }
            Matcher now = NOW.matcher(text.text().strip());
            return key.equals("max")
                            && type.filter(ColumnType.TIMESTAMP::equals).isPresent()
                            && now.matches()
                    ? now(text, now)
                    : constant(key, text);
        });
    }

    /** {@code now}, or {@code now + 5m} where clocks differ. */
    private Optional<Value> now(Located text, Matcher now) {
        return Optional.ofNullable(now.group(1))
                .map(later ->
                        Values.duration(new Located(later, text.position()), section.child("max"), section.source()))
                .orElse(Optional.of(Duration.ZERO))
                .map(Value.Now::new);
    }

    private Optional<ValueRule> values() {
        List<Located> texts = section.texts("values");
        List<Value> values = texts.stream()
                .flatMap(text -> constant("values", text).stream())
                .toList();
        if (section.node("values").isPresent() && texts.isEmpty()) {
            section.source()
                    .report(section.position("values"), section.child("values") + ": none (expected: at least one).");
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(new ValueRule.OneOf(values));
    }

    private Optional<Value> constant(String key, Located text) {
        if (type.isEmpty()) {
            if (section.node("type").isEmpty()) {
                report(text, section.child(key) + ": " + text + ", of no type (expected: 'type: …' beside it).");
            }
            return Optional.empty();
        }
        Optional<Value> value = ValueRule.constant(type.get(), text.text());
        if (value.isEmpty()) {
            report(text, section.child(key) + ": " + text + " (expected: " + expected(type.get()) + ").");
        }
        return value;
    }

    private static String expected(ColumnType type) {
        return switch (type) {
            case BIGINT, DOUBLE -> "a number";
            case VARCHAR -> "a text";
            case BOOLEAN -> "true or false";
            case TIMESTAMP -> "a date or time such as 2013-01-31 or 2013-01-31 12:00:00";
        };
    }

    private void requireOrder(Optional<Value> low, Optional<Value> high) {
        if (low.orElse(null) instanceof Value.Numeral from
                && high.orElse(null) instanceof Value.Numeral to
                && new BigDecimal(from.digits()).compareTo(new BigDecimal(to.digits())) > 0) {
            section.source()
                    .report(
                            section.position("min"),
                            section.child("min") + ": " + from.digits() + " (expected: at most max, " + to.digits()
                                    + ").");
        }
    }

    private String label() {
        return type.map(ColumnType::label).orElse("");
    }

    private void report(Located text, String message) {
        section.source().report(text.position(), message);
    }
}
