package dev.millwright.data.schema;

import dev.millwright.core.ColumnType;
import dev.millwright.core.KnownAfter;
import dev.millwright.data.ColumnContract;
import dev.millwright.data.Expectation.Value;
import dev.millwright.data.Privacy;
import dev.millwright.data.ValueRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One column of a schema while it is read. */
final class SchemaColumn {
    static final String UUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";

    private final String name;
    private final List<ValueRule> rules = new ArrayList<>();
    private Optional<ColumnType> type = Optional.empty();
    private Optional<String> description = Optional.empty();
    private boolean nullable;

    SchemaColumn(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    Optional<ColumnType> type() {
        return type;
    }

    void type(ColumnType value) {
        type = Optional.of(value);
    }

    boolean isNullable() {
        return nullable;
    }

    void takeNull() {
        nullable = true;
    }

    void rule(ValueRule rule) {
        if (!rules.contains(rule)) {
            rules.add(rule);
        }
    }

    /** The outermost description wins: what refers to a type knows better what it is for. */
    void describe(Optional<String> text) {
        description = description.or(() -> text.map(String::strip).filter(found -> !found.isEmpty()));
    }

    /** A constant of the column's type; empty when {@code text} is none. */
    Optional<Value> constant(String text) {
        return type.flatMap(known -> ValueRule.constant(known, text));
    }

    ColumnContract contract(boolean required) {
        List<ValueRule> all = new ArrayList<>();
        if (required) {
            all.add(new ValueRule.Required());
        }
        all.addAll(rules);
        return new ColumnContract(
                name, type, all, Optional.empty(), description, Privacy.ORDINARY, Optional.<KnownAfter>empty());
    }
}
