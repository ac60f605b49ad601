package dev.millwright.plan;

import static dev.millwright.plan.ValueType.BIGINT;
import static dev.millwright.plan.ValueType.BOOLEAN;
import static dev.millwright.plan.ValueType.DOUBLE;
import static dev.millwright.plan.ValueType.INTERVAL;
import static dev.millwright.plan.ValueType.TIMESTAMP;
import static dev.millwright.plan.ValueType.VARCHAR;

import dev.millwright.plan.Expression.Call;
import dev.millwright.plan.Expression.Literal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The functions and operators that feature SQL has: their names, how they are used, and which {@link Operation} they mean. */
final class FunctionTable {
    private static final Map<String, Function> FUNCTIONS = new TreeMap<>();

    static {
        arithmetic();
        conditions();
        mathematics();
        choices();
        text();
        time();
    }

    private FunctionTable() {}

    /** One entry, which takes from {@code least} to {@code most} arguments. */
    record Function(String usage, int least, int most, Builder builder) {}

    interface Builder {
        Expression build(Arguments arguments);
    }

    /** The function or operator of this name, in any case. */
    static Optional<Function> find(String name) {
        return Optional.ofNullable(FUNCTIONS.get(name.toUpperCase(Locale.ROOT)));
    }

    /** The names that are used as functions, for suggestions: an operator can't stand in their place. */
    static List<String> names() {
        List<String> names = new ArrayList<>(List.of("CAST", "EXTRACT", "TIMESTAMPADD", "TIMESTAMPDIFF", "TRIM"));
        names.addAll(AggregateFunction.names());
        FUNCTIONS.forEach((name, function) -> {
            if (function.usage().startsWith(name + "(")) {
                names.add(name);
            }
        });
        return names;
    }

    private static void arithmetic() {
        add("+", "a + b", 2, 2, FunctionTable::plus);
        add("-", "a - b", 2, 2, FunctionTable::minus);
        add("*", "a * b", 2, 2, a -> numeric(a, Operation.MULTIPLY_LONG, Operation.MULTIPLY));
        add("/", "a / b", 2, 2, a -> doubles(a, Operation.DIVIDE));
        add("%", "a % b, or MOD(a, b) for doubles", 2, 2, a -> typed(a, Operation.MOD_LONG, BIGINT, BIGINT, BIGINT));
        add("MOD", "MOD(a, b)", 2, 2, a -> numeric(a, Operation.MOD_LONG, Operation.MOD));
        add("NEGATE", "-a", 1, 1, a -> numeric(a, Operation.NEGATE_LONG, Operation.NEGATE));
    }

    private static void conditions() {
        comparison("=", Operation.EQUAL);
        comparison("<>", Operation.NOT_EQUAL);
        comparison("<", Operation.LESS);
        comparison("<=", Operation.LESS_OR_EQUAL);
        comparison(">", Operation.GREATER);
        comparison(">=", Operation.GREATER_OR_EQUAL);
        add("AND", "a AND b", 2, 2, a -> typed(a, Operation.AND, BOOLEAN, BOOLEAN, BOOLEAN));
        add("OR", "a OR b", 2, 2, a -> typed(a, Operation.OR, BOOLEAN, BOOLEAN, BOOLEAN));
        add("NOT", "NOT a", 1, 1, a -> typed(a, Operation.NOT, BOOLEAN, BOOLEAN));
        add("IS UNKNOWN", "a IS UNKNOWN", 1, 1, a -> typed(a, Operation.IS_NULL, BOOLEAN, BOOLEAN));
        add("IS NOT UNKNOWN", "a IS NOT UNKNOWN", 1, 1, a -> typed(a, Operation.IS_NOT_NULL, BOOLEAN, BOOLEAN));
        add("IS NULL", "a IS NULL", 1, 1, a -> new Call(Operation.IS_NULL, BOOLEAN, List.of(a.any(0))));
        add("IS NOT NULL", "a IS NOT NULL", 1, 1, a -> new Call(Operation.IS_NOT_NULL, BOOLEAN, List.of(a.any(0))));
        add("IS TRUE", "a IS TRUE", 1, 1, a -> typed(a, Operation.IS_TRUE, BOOLEAN, BOOLEAN));
        add("IS NOT TRUE", "a IS NOT TRUE", 1, 1, a -> typed(a, Operation.IS_NOT_TRUE, BOOLEAN, BOOLEAN));
        add("IS FALSE", "a IS FALSE", 1, 1, a -> typed(a, Operation.IS_FALSE, BOOLEAN, BOOLEAN));
        add("IS NOT FALSE", "a IS NOT FALSE", 1, 1, a -> typed(a, Operation.IS_NOT_FALSE, BOOLEAN, BOOLEAN));
        add("LIKE", "text LIKE pattern", 2, 2, a -> typed(a, Operation.LIKE, BOOLEAN, VARCHAR, VARCHAR));
    }

    private static void mathematics() {
        add("ABS", "ABS(number)", 1, 1, a -> numeric(a, Operation.ABS_LONG, Operation.ABS));
        add("SIGN", "SIGN(number)", 1, 1, a -> numeric(a, Operation.SIGN_LONG, Operation.SIGN));
        add("FLOOR", "FLOOR(number) or FLOOR(timestamp TO unit)", 1, 1, a -> wholeOr(a, Operation.FLOOR));
        add("CEIL", "CEIL(number)", 1, 1, a -> wholeOr(a, Operation.CEIL));
        add("CEILING", "CEILING(number)", 1, 1, a -> wholeOr(a, Operation.CEIL));
        add("ROUND", "ROUND(number [, digits])", 1, 2, FunctionTable::round);
        for (Operation operation :
                List.of(Operation.SQRT, Operation.LN, Operation.LOG10, Operation.EXP, Operation.SIN, Operation.COS)) {
            add(operation.name(), operation.name() + "(number)", 1, 1, a -> doubles(a, operation));
        }
        add("POWER", "POWER(number, exponent)", 2, 2, a -> doubles(a, Operation.POWER));
    }

    private static void choices() {
        add("COALESCE", "COALESCE(a, b, …)", 1, 1000, a -> common(a, Operation.COALESCE));
        add("GREATEST", "GREATEST(a, b, …)", 1, 1000, a -> common(a, Operation.GREATEST));
        add("LEAST", "LEAST(a, b, …)", 1, 1000, a -> common(a, Operation.LEAST));
        add("NULLIF", "NULLIF(a, b)", 2, 2, a -> common(a, Operation.NULLIF));
        add("IN", "a IN (b, …)", 2, 100_000, a -> new Call(Operation.IN, BOOLEAN, a.all(a.common())));
    }

    private static void text() {
        add("||", "a || b", 2, 2, a -> new Call(Operation.CONCAT, VARCHAR, a.all(VARCHAR)));
        add("CONCAT", "CONCAT(a, b, …)", 1, 1000, a -> new Call(Operation.CONCAT, VARCHAR, a.all(VARCHAR)));
        add("UPPER", "UPPER(text)", 1, 1, a -> typed(a, Operation.UPPER, VARCHAR, VARCHAR));
        add("LOWER", "LOWER(text)", 1, 1, a -> typed(a, Operation.LOWER, VARCHAR, VARCHAR));
        for (String name : List.of("CHAR_LENGTH", "CHARACTER_LENGTH", "LENGTH")) {
            add(name, name + "(text)", 1, 1, a -> typed(a, Operation.CHAR_LENGTH, BIGINT, VARCHAR));
        }
        add("POSITION", "POSITION(what IN text)", 2, 2, a -> typed(a, Operation.POSITION, BIGINT, VARCHAR, VARCHAR));
        add(
                "SUBSTRING",
                "SUBSTRING(text, start [, length])",
                2,
                3,
                a -> a.count() == 2
                        ? typed(a, Operation.SUBSTRING, VARCHAR, VARCHAR, BIGINT)
                        : typed(a, Operation.SUBSTRING, VARCHAR, VARCHAR, BIGINT, BIGINT));
        trim("BOTH", Operation.TRIM);
        trim("LEADING", Operation.TRIM_LEADING);
        trim("TRAILING", Operation.TRIM_TRAILING);
    }

    private static void trim(String side, Operation operation) {
        add("TRIM " + side, "TRIM(" + side + " 'c' FROM text)", 2, 2, a -> {
            if (!(a.any(0) instanceof Literal literal
                    && literal.value() instanceof String trimmed
                    && trimmed.codePointCount(0, trimmed.length()) == 1)) {
                a.fail(0, "a literal of one character");
            }
            return new Call(operation, VARCHAR, List.of(a.as(1, VARCHAR), a.as(0, VARCHAR)));
        });
    }

    private static void time() {
        add(
                "MAKE_TIMESTAMP",
                "MAKE_TIMESTAMP(year, month, day, hour, minute, second)",
                6,
                6,
                a -> new Call(Operation.MAKE_TIMESTAMP, TIMESTAMP, a.all(BIGINT)));
    }

    private static void add(String name, String usage, int least, int most, Builder builder) {
        FUNCTIONS.put(name, new Function(usage, least, most, builder));
    }

    private static void comparison(String name, Operation operation) {
        add(name, "a " + name + " b", 2, 2, a -> new Call(operation, BOOLEAN, a.all(a.common())));
    }

    private static Expression typed(Arguments arguments, Operation operation, ValueType result, ValueType... types) {
        List<Expression> converted = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            converted.add(arguments.as(i, types[i]));
        }
        return new Call(operation, result, converted);
    }

    private static Expression doubles(Arguments arguments, Operation operation) {
        arguments.numeric();
        return new Call(operation, DOUBLE, arguments.failed() ? List.of() : arguments.all(DOUBLE));
    }

    private static Expression numeric(Arguments arguments, Operation whole, Operation real) {
        ValueType type = arguments.numeric();
        List<Expression> converted = arguments.failed() ? List.of() : arguments.all(type);
        return new Call(type == BIGINT ? whole : real, type, converted);
    }

    /** BIGINT values stay as they are: they are whole. */
    private static Expression wholeOr(Arguments arguments, Operation operation) {
        ValueType type = arguments.numeric();
        return type == BIGINT ? arguments.as(0, BIGINT) : new Call(operation, DOUBLE, List.of(arguments.as(0, DOUBLE)));
    }

    private static Expression round(Arguments arguments) {
        if (arguments.count() == 1) {
            return wholeOr(arguments, Operation.ROUND);
        }
        long digits = arguments.literal(1, 0, 15);
        if (!Types.fits(arguments.type(0), DOUBLE)) {
            arguments.fail(0, "a number");
        }
        if (arguments.type(0) == BIGINT) {
            return arguments.as(0, BIGINT);
        }
        return new Call(
                Operation.ROUND_TO, DOUBLE, Arrays.asList(arguments.as(0, DOUBLE), new Literal(digits, BIGINT)));
    }

    private static Expression common(Arguments arguments, Operation operation) {
        ValueType type = arguments.common();
        return new Call(operation, type, arguments.all(type));
    }

    private static Expression plus(Arguments arguments) {
        if (arguments.type(1) == INTERVAL && arguments.type(0) != INTERVAL) {
            return new Call(
                    Operation.ADD_MICROS, TIMESTAMP, List.of(arguments.as(0, TIMESTAMP), micros(arguments.any(1))));
        }
        if (arguments.type(0) == INTERVAL && arguments.type(1) != INTERVAL) {
            return new Call(
                    Operation.ADD_MICROS, TIMESTAMP, List.of(arguments.as(1, TIMESTAMP), micros(arguments.any(0))));
        }
        return numeric(arguments, Operation.ADD_LONG, Operation.ADD);
    }

    private static Expression minus(Arguments arguments) {
        if (arguments.type(1) == INTERVAL) {
            Expression back = micros(arguments.any(1));
            Expression negated = back instanceof Literal literal && literal.value() instanceof Long length
                    ? new Literal(-length, BIGINT)
                    : back;
            return new Call(Operation.ADD_MICROS, TIMESTAMP, List.of(arguments.as(0, TIMESTAMP), negated));
        }
        if (arguments.type(0) == TIMESTAMP && arguments.type(1) == TIMESTAMP) {
            arguments.fail(0, "numbers; between timestamps write TIMESTAMPDIFF(SECOND, earlier, later)");
        }
        return numeric(arguments, Operation.SUBTRACT_LONG, Operation.SUBTRACT);
    }

    private static Expression micros(Expression interval) {
        return interval instanceof Literal literal ? new Literal(literal.value(), BIGINT) : interval;
    }
}
