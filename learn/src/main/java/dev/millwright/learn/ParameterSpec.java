package dev.millwright.learn;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * One parameter of a learner. The same record checks what a user wrote, makes the reference page, and tells a search where
 * it may look.
 *
 * @param defaultValue an Integer, Double or String, by type
 * @param min smallest allowed number, inclusive; negative infinity when there is none
 * @param max largest allowed number, inclusive; infinity when there is none
 * @param allowed the words of a choice, else empty
 * @param description one sentence for the reference page
 */
public record ParameterSpec(
        String name, Type type, Object defaultValue, double min, double max, List<String> allowed, String description) {

    /** What a value has to be. */
    public enum Type {
        INTEGER,
        NUMBER,
        /** One of the allowed words. */
        CHOICE,
        /** One of the allowed words, or a list of the names of text columns. */
        COLUMNS
    }

    public ParameterSpec {
        allowed = List.copyOf(allowed);
        if (problem(type, min, max, allowed, defaultValue)) {
            throw new IllegalArgumentException(
                    name + ": default " + defaultValue + " is not allowed by its own bounds");
        }
    }

    static ParameterSpec integer(String name, int defaultValue, int min, int max, String description) {
        return new ParameterSpec(name, Type.INTEGER, defaultValue, min, max, List.of(), description);
    }

    static ParameterSpec number(String name, double defaultValue, double min, double max, String description) {
        return new ParameterSpec(name, Type.NUMBER, defaultValue, min, max, List.of(), description);
    }

    /** The first word is the default. */
    static ParameterSpec choice(String name, String description, String... allowed) {
        return new ParameterSpec(
                name,
                Type.CHOICE,
                allowed[0],
                Double.NEGATIVE_INFINITY,
                Double.POSITIVE_INFINITY,
                List.of(allowed),
                description);
    }

    /** The first word is the default. */
    static ParameterSpec columns(String name, String description, String... allowed) {
        return new ParameterSpec(
                name,
                Type.COLUMNS,
                allowed[0],
                Double.NEGATIVE_INFINITY,
                Double.POSITIVE_INFINITY,
                List.of(allowed),
                description);
    }

    /** What is wrong with {@code value}, as {@code name: value (expected: …)}; empty when nothing is. */
    public Optional<String> problem(Object value) {
        return problem(type, min, max, allowed, value)
                ? Optional.of(name + ": " + value + " (expected: " + expected() + ")")
                : Optional.empty();
    }

    /** What a value has to be, in words: {@code an integer from 1 to 20}. */
    public String expected() {
        return switch (type) {
            case INTEGER -> "an integer" + range();
            case NUMBER -> "a number" + range();
            case CHOICE -> "one of " + String.join(", ", allowed);
            case COLUMNS -> String.join(", ", allowed) + " or a list of text columns";
        };
    }

    /** The value in the type that learners read: Integer, Double, String or List of String. */
    Object normalise(Object value) {
        return switch (type) {
            case INTEGER -> ((Number) value).intValue();
            case NUMBER -> ((Number) value).doubleValue();
            case CHOICE -> value;
            case COLUMNS ->
                value instanceof List<?> names
                        ? names.stream().map(String::valueOf).toList()
                        : value;
        };
    }

    private String range() {
        if (min == Double.NEGATIVE_INFINITY && max == Double.POSITIVE_INFINITY) {
            return "";
        }
        if (max == Double.POSITIVE_INFINITY) {
            return " of at least " + number(min);
        }
        return " from " + number(min) + " to " + number(max);
    }

    private String number(double bound) {
        return type == Type.INTEGER
                ? Long.toString((long) bound)
                : BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
    }

    private static boolean problem(Type type, double min, double max, List<String> allowed, Object value) {
        return switch (type) {
            case INTEGER ->
                !(value instanceof Number number
                        && number.doubleValue() == Math.rint(number.doubleValue())
                        && number.doubleValue() >= min
                        && number.doubleValue() <= max);
            case NUMBER ->
                !(value instanceof Number number && number.doubleValue() >= min && number.doubleValue() <= max)
                        || Double.isInfinite(number.doubleValue());
            case CHOICE -> !(value instanceof String word && allowed.contains(word));
            case COLUMNS ->
                !(value instanceof String word && allowed.contains(word))
                        && !(value instanceof List<?> names && names.stream().allMatch(String.class::isInstance));
        };
    }
}
