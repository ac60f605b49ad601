package dev.millwright.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Writes a text that is used several times only once if it is long, so that nesting doesn't double the text at each level. */
final class DuckDbVariables {
    private static final int REPEATABLE = 120;

    private int variables;

    String once(String value, UnaryOperator<String> use) {
        if (value.length() <= REPEATABLE) {
            return use.apply(value);
        }
        String variable = "v" + variables++;
        return "list_transform([" + value + "], lambda " + variable + ": " + use.apply(variable) + ")[1]";
    }

    /** Binds one value after the other. */
    String once(List<String> values, Function<List<String>, String> use) {
        return bind(values, new ArrayList<>(), use);
    }

    private String bind(List<String> values, List<String> bound, Function<List<String>, String> use) {
        if (bound.size() == values.size()) {
            return use.apply(bound);
        }
        return once(values.get(bound.size()), value -> {
            List<String> more = new ArrayList<>(bound);
            more.add(value);
            return bind(values, more, use);
        });
    }
}
