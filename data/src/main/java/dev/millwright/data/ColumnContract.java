package dev.millwright.data;

import dev.millwright.core.ColumnType;
import dev.millwright.core.KnownAfter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is promised of one column.
 *
 * @param type inferred from the values when empty
 * @param unit of the values, such as {@code EUR} or {@code km/h}
 * @param description for people
 * @param knownAfter when a value becomes known; with the row when empty
 */
public record ColumnContract(
        String name,
        Optional<ColumnType> type,
        List<ValueRule> rules,
        Optional<String> unit,
        Optional<String> description,
        Privacy privacy,
        Optional<KnownAfter> knownAfter) {
    public ColumnContract {
        rules = List.copyOf(rules);
    }

    /** A column of which only the type is promised. */
    public static ColumnContract of(String name, ColumnType type) {
        return new ColumnContract(
                name,
                Optional.of(type),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Privacy.ORDINARY,
                Optional.empty());
    }

    /** A column of which it is only said when it is known. */
    public static ColumnContract of(String name, Optional<KnownAfter> knownAfter) {
        return new ColumnContract(
                name, Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Privacy.ORDINARY, knownAfter);
    }

    /** All that is promised but the type, in words such as {@code price >= 0} and {@code unit: EUR}. */
    public List<String> promises() {
        List<String> promises = new ArrayList<>();
        rules.forEach(rule -> promises.add(rule.about(name).text()));
        unit.ifPresent(text -> promises.add("unit: " + text));
        if (privacy == Privacy.PERSONAL) {
            promises.add("personal");
        }
        knownAfter.ifPresent(known -> promises.add(
                switch (known) {
                    case KnownAfter.After(Duration duration) -> "known after " + length(duration);
                    case KnownAfter.At(String column) -> "known at " + column;
                }));
        return promises;
    }

    /** As a pipeline file writes it: {@code 30d}. */
    static String length(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds % 86_400 == 0
                ? seconds / 86_400 + "d"
                : seconds % 3_600 == 0 ? seconds / 3_600 + "h" : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    public ColumnContract withRules(ValueRule... value) {
        return new ColumnContract(name, type, List.of(value), unit, description, privacy, knownAfter);
    }

    public ColumnContract withUnit(String value) {
        return new ColumnContract(name, type, rules, Optional.of(value), description, privacy, knownAfter);
    }

    public ColumnContract withDescription(String value) {
        return new ColumnContract(name, type, rules, unit, Optional.of(value), privacy, knownAfter);
    }

    public ColumnContract withPrivacy(Privacy value) {
        return new ColumnContract(name, type, rules, unit, description, value, knownAfter);
    }

    public ColumnContract withKnownAfter(KnownAfter value) {
        return new ColumnContract(name, type, rules, unit, description, privacy, Optional.of(value));
    }
}
