package dev.millwright.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The functions and operators that feature SQL has: their names, how they are used, and which {@link Operation} they mean. */
final class FunctionTable {
    private static final Map<String, Function> FUNCTIONS = new TreeMap<>();

    static {
        Stream.of(NumberFunctions.all(), ConditionFunctions.all(), TextFunctions.all(), TimeFunctions.all())
                .flatMap(List::stream)
                .forEach(function -> FUNCTIONS.put(function.name(), function));
    }

    private FunctionTable() {}

    /**
     * One entry, which takes from {@code least} to {@code most} arguments.
     *
     * @param name in upper case; one that is an operator's is followed by neither arguments nor parentheses
     * @param type the result's; empty when it is the arguments'
     */
    record Function(String name, String usage, int least, int most, Optional<ValueType> type, Builder builder) {
        Function(String name, String usage, int least, int most, ValueType type, Builder builder) {
            this(name, usage, least, most, Optional.of(type), builder);
        }

        /** Whether it is written as {@code NAME(…)}. */
        boolean isCalled() {
            return usage.startsWith(name + "(");
        }

        Function as(String alias) {
            return new Function(alias, alias + usage.substring(name.length()), least, most, type, builder);
        }
    }

    interface Builder {
        Expression build(Arguments arguments);
    }

    /** The function or operator of this name, in any case. */
    static Optional<Function> find(String name) {
        return Optional.ofNullable(FUNCTIONS.get(name.toUpperCase(Locale.ROOT)));
    }

    static Collection<Function> all() {
        return FUNCTIONS.values();
    }

    /** The names that are used as functions, for suggestions: an operator can't stand in their place. */
    static List<String> names() {
        List<String> names = new ArrayList<>(List.of("CAST", "EXTRACT", "TIMESTAMPADD", "TIMESTAMPDIFF", "TRIM"));
        names.addAll(AggregateFunction.names());
        FUNCTIONS.values().stream()
                .filter(Function::isCalled)
                .map(Function::name)
                .forEach(names::add);
        return names;
    }
}
