package dev.millwright.plan;

import static dev.millwright.plan.ValueType.BIGINT;
import static dev.millwright.plan.ValueType.DOUBLE;
import static dev.millwright.plan.ValueType.MONTHS;
import static dev.millwright.plan.ValueType.TIMESTAMP;

import dev.millwright.plan.Expression.Call;
import dev.millwright.plan.Expression.Literal;
import dev.millwright.plan.FunctionTable.Function;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Arithmetic and mathematics. */
final class NumberFunctions {
    private static final double DEGREES_A_RADIAN = 57.29577951308232;
    private static final double RADIANS_A_DEGREE = 0.017453292519943295;

    private NumberFunctions() {}

    static List<Function> all() {
        List<Function> all = new ArrayList<>(arithmetic());
        all.addAll(rounding());
        all.addAll(mathematics());
        return all;
    }

    private static List<Function> arithmetic() {
        return List.of(
                ofArguments("+", "a + b", 2, 2, NumberFunctions::plus),
                ofArguments("-", "a - b", 2, 2, NumberFunctions::minus),
                ofArguments("*", "a * b", 2, 2, a -> a.numeric(Operation.MULTIPLY_LONG, Operation.MULTIPLY)),
                new Function("/", "a / b", 2, 2, DOUBLE, a -> a.doubles(Operation.DIVIDE)),
                new Function(
                        "%",
                        "a % b, or MOD(a, b) for doubles",
                        2,
                        2,
                        BIGINT,
                        a -> a.call(Operation.MOD_LONG, BIGINT, BIGINT, BIGINT)),
                ofArguments("MOD", "MOD(a, b)", 2, 2, a -> a.numeric(Operation.MOD_LONG, Operation.MOD)),
                ofArguments("NEGATE", "-a", 1, 1, a -> a.numeric(Operation.NEGATE_LONG, Operation.NEGATE)),
                ofArguments("ABS", "ABS(number)", 1, 1, a -> a.numeric(Operation.ABS_LONG, Operation.ABS)),
                ofArguments("SIGN", "SIGN(number)", 1, 1, a -> a.numeric(Operation.SIGN_LONG, Operation.SIGN)));
    }

    private static List<Function> rounding() {
        Function ceil = ofArguments("CEIL", "CEIL(number)", 1, 1, a -> wholeOr(a, Operation.CEIL));
        Function truncate = ofArguments("TRUNCATE", "TRUNCATE(number)", 1, 1, a -> wholeOr(a, Operation.TRUNCATE));
        return List.of(
                ofArguments(
                        "FLOOR", "FLOOR(number) or FLOOR(timestamp TO unit)", 1, 1, a -> wholeOr(a, Operation.FLOOR)),
                ceil,
                ceil.as("CEILING"),
                truncate,
                truncate.as("TRUNC"),
                ofArguments("ROUND", "ROUND(number [, digits])", 1, 2, NumberFunctions::round));
    }

    private static List<Function> mathematics() {
        List<Function> all = new ArrayList<>();
        for (Operation operation : List.of(
                Operation.SQRT,
                Operation.CBRT,
                Operation.EXP,
                Operation.LN,
                Operation.LOG10,
                Operation.LOG2,
                Operation.SIN,
                Operation.COS,
                Operation.TAN,
                Operation.ASIN,
                Operation.ACOS,
                Operation.ATAN,
                Operation.SINH,
                Operation.COSH,
                Operation.TANH)) {
            String name = operation.name();
            all.add(new Function(name, name + "(number)", 1, 1, DOUBLE, a -> a.doubles(operation)));
        }
        Function power =
                new Function("POWER", "POWER(number, exponent)", 2, 2, DOUBLE, a -> a.doubles(Operation.POWER));
        all.add(power);
        all.add(power.as("POW"));
        all.add(new Function("LOG", "LOG(base, number)", 2, 2, DOUBLE, NumberFunctions::logarithm));
        all.add(new Function("ATAN2", "ATAN2(y, x)", 2, 2, DOUBLE, a -> a.doubles(Operation.ATAN2)));
        all.add(new Function("DEGREES", "DEGREES(radians)", 1, 1, DOUBLE, a -> scaled(a, DEGREES_A_RADIAN)));
        all.add(new Function("RADIANS", "RADIANS(degrees)", 1, 1, DOUBLE, a -> scaled(a, RADIANS_A_DEGREE)));
        all.add(new Function("PI", "PI()", 0, 0, DOUBLE, a -> new Literal(Math.PI, DOUBLE)));
        return all;
    }

    private static Function ofArguments(String name, String usage, int least, int most, FunctionTable.Builder builder) {
        return new Function(name, usage, least, most, Optional.empty(), builder);
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
        return new Call(Operation.ROUND_TO, DOUBLE, List.of(arguments.as(0, DOUBLE), new Literal(digits, BIGINT)));
    }

    private static Expression logarithm(Arguments arguments) {
        arguments.numeric();
        Expression base = new Call(Operation.LN, DOUBLE, List.of(arguments.as(0, DOUBLE)));
        Expression number = new Call(Operation.LN, DOUBLE, List.of(arguments.as(1, DOUBLE)));
        return new Call(Operation.DIVIDE, DOUBLE, List.of(number, base));
    }

    private static Expression scaled(Arguments arguments, double factor) {
        arguments.numeric();
        return new Call(Operation.MULTIPLY, DOUBLE, List.of(arguments.as(0, DOUBLE), new Literal(factor, DOUBLE)));
    }

    private static Expression plus(Arguments arguments) {
        if (arguments.type(1).isLength() && !arguments.type(0).isLength()) {
            return later(arguments.as(0, TIMESTAMP), arguments.any(1), 1);
        }
        if (arguments.type(0).isLength() && !arguments.type(1).isLength()) {
            return later(arguments.as(1, TIMESTAMP), arguments.any(0), 1);
        }
        return arguments.numeric(Operation.ADD_LONG, Operation.ADD);
    }

    private static Expression minus(Arguments arguments) {
        if (arguments.type(1).isLength()) {
            return later(arguments.as(0, TIMESTAMP), arguments.any(1), -1);
        }
        if (arguments.type(0) == TIMESTAMP && arguments.type(1) == TIMESTAMP) {
            arguments.fail(0, "numbers; between timestamps write TIMESTAMPDIFF(SECOND, earlier, later)");
            return new Expression.Broken();
        }
        return arguments.numeric(Operation.SUBTRACT_LONG, Operation.SUBTRACT);
    }

    /** Lengths are always literals. */
    private static Expression later(Expression timestamp, Expression length, int sign) {
        Operation operation = length.type() == MONTHS ? Operation.ADD_MONTHS : Operation.ADD_MICROS;
        return length instanceof Literal literal && literal.value() instanceof Long value
                ? new Call(operation, TIMESTAMP, List.of(timestamp, new Literal(sign * value, BIGINT)))
                : new Expression.Broken();
    }
}
