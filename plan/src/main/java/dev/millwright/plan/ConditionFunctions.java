package dev.millwright.plan;

import static dev.millwright.plan.ValueType.BOOLEAN;
import static dev.millwright.plan.ValueType.VARCHAR;

import dev.millwright.plan.Expression.Call;
import dev.millwright.plan.Expression.Literal;
import dev.millwright.plan.FunctionTable.Function;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Comparisons, conditions, and choices between values. */
final class ConditionFunctions {
    private ConditionFunctions() {}

    static List<Function> all() {
        List<Function> all = new ArrayList<>(comparisons());
        all.addAll(conditions());
        all.addAll(choices());
        return all;
    }

    private static List<Function> comparisons() {
        return List.of(
                comparison("=", Operation.EQUAL),
                comparison("<>", Operation.NOT_EQUAL),
                comparison("<", Operation.LESS),
                comparison("<=", Operation.LESS_OR_EQUAL),
                comparison(">", Operation.GREATER),
                comparison(">=", Operation.GREATER_OR_EQUAL),
                comparison("IS DISTINCT FROM", Operation.IS_DISTINCT),
                comparison("IS NOT DISTINCT FROM", Operation.IS_NOT_DISTINCT),
                new Function(
                        "IN",
                        "a IN (b, …)",
                        2,
                        100_000,
                        BOOLEAN,
                        a -> new Call(Operation.IN, BOOLEAN, a.all(a.common()))),
                new Function("LIKE", "text LIKE pattern [ESCAPE 'c']", 2, 3, BOOLEAN, ConditionFunctions::like));
    }

    private static Function comparison(String name, Operation operation) {
        return new Function(
                name, "a " + name + " b", 2, 2, BOOLEAN, a -> new Call(operation, BOOLEAN, a.all(a.common())));
    }

    private static List<Function> conditions() {
        return List.of(
                new Function("AND", "a AND b", 2, 2, BOOLEAN, a -> a.call(Operation.AND, BOOLEAN, BOOLEAN, BOOLEAN)),
                new Function("OR", "a OR b", 2, 2, BOOLEAN, a -> a.call(Operation.OR, BOOLEAN, BOOLEAN, BOOLEAN)),
                new Function("NOT", "NOT a", 1, 1, BOOLEAN, a -> a.call(Operation.NOT, BOOLEAN, BOOLEAN)),
                test("IS UNKNOWN", Operation.IS_NULL),
                test("IS NOT UNKNOWN", Operation.IS_NOT_NULL),
                test("IS TRUE", Operation.IS_TRUE),
                test("IS NOT TRUE", Operation.IS_NOT_TRUE),
                test("IS FALSE", Operation.IS_FALSE),
                test("IS NOT FALSE", Operation.IS_NOT_FALSE),
                new Function(
                        "IS NULL",
                        "a IS NULL",
                        1,
                        1,
                        BOOLEAN,
                        a -> new Call(Operation.IS_NULL, BOOLEAN, List.of(a.any(0)))),
                new Function(
                        "IS NOT NULL",
                        "a IS NOT NULL",
                        1,
                        1,
                        BOOLEAN,
                        a -> new Call(Operation.IS_NOT_NULL, BOOLEAN, List.of(a.any(0)))));
    }

    private static Function test(String name, Operation operation) {
        return new Function(name, "a " + name, 1, 1, BOOLEAN, a -> a.call(operation, BOOLEAN, BOOLEAN));
    }

    private static List<Function> choices() {
        return List.of(
                choice("COALESCE", "COALESCE(a, b, …)", 1, 1000, Operation.COALESCE),
                choice("IFNULL", "IFNULL(a, b)", 2, 2, Operation.COALESCE),
                choice("GREATEST", "GREATEST(a, b, …)", 1, 1000, Operation.GREATEST),
                choice("LEAST", "LEAST(a, b, …)", 1, 1000, Operation.LEAST),
                choice("NULLIF", "NULLIF(a, b)", 2, 2, Operation.NULLIF));
    }

    private static Function choice(String name, String usage, int least, int most, Operation operation) {
        return new Function(name, usage, least, most, Optional.empty(), a -> a.common(operation));
    }

    /** With an escape character, the pattern has to be a literal in which nothing but wildcards and itself is escaped. */
    private static Expression like(Arguments arguments) {
        if (arguments.count() == 2) {
            return arguments.call(Operation.LIKE, BOOLEAN, VARCHAR, VARCHAR);
        }
        String escape = arguments.character(2);
        if (!(arguments.any(1) instanceof Literal literal && literal.value() instanceof String pattern)) {
            arguments.fail(1, "a literal, beside ESCAPE");
        } else if (!LikePattern.isComplete(pattern, escape)) {
            arguments.fail(1, "%, _ or " + escape + " after each " + escape);
        }
        return arguments.call(Operation.LIKE, BOOLEAN, VARCHAR, VARCHAR, VARCHAR);
    }
}
