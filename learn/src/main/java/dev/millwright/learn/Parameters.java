package dev.millwright.learn;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Words;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The checked parameters of one fit: every parameter of the learner, in the order of its list. */
final class Parameters {
    private final Map<String, Object> values;

    private Parameters(Map<String, Object> values) {
        this.values = Collections.unmodifiableMap(values);
    }

    /** Checks what a user gave against a learner's list and fills in the defaults; reports all mistakes at once. */
    static Parameters resolve(String learner, List<ParameterSpec> specs, Map<String, Object> given) {
        List<Problem> problems = new ArrayList<>();
        List<String> known = specs.stream().map(ParameterSpec::name).toList();
        for (String name : given.keySet().stream().sorted().toList()) {
            if (!known.contains(name)) {
                problems.add(
                        Problem.of(name + ": not a parameter of " + learner + "." + Words.suggestion(name, known)));
            }
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (ParameterSpec spec : specs) {
            Object chosen = given.containsKey(spec.name())
                    ? Objects.requireNonNullElse(given.get(spec.name()), "null")
                    : spec.defaultValue();
            spec.problem(chosen).ifPresent(message -> problems.add(Problem.of(message)));
            values.put(spec.name(), chosen);
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        for (ParameterSpec spec : specs) {
            values.computeIfPresent(spec.name(), (name, value) -> spec.normalise(value));
        }
        return new Parameters(values);
    }

    int integer(String name) {
        return (Integer) value(name);
    }

    double number(String name) {
        return (Double) value(name);
    }

    String choice(String name) {
        return (String) value(name);
    }

    /** A word, or a list of column names. */
    Object columns(String name) {
        return value(name);
    }

    Map<String, Object> values() {
        return values;
    }

    private Object value(String name) {
        return Objects.requireNonNull(values.get(name), name);
    }
}
