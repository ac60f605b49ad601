package dev.millwright.plan;

import dev.millwright.core.MillwrightException;
import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What each {@link Operation} computes from values that aren't NULL, unless a method says otherwise. */
final class Scalars {
    private static final double TWO_TO_63 = 0x1p63;

    private Scalars() {}

    /** Of two values of the same type. Timestamps are Longs; text goes by code point; -0.0 equals 0.0. */
    static int compare(Object a, Object b) {
        if (a instanceof Long left && b instanceof Long right) {
            return Long.compare(left, right);
        }
        if (a instanceof Double left && b instanceof Double right) {
            return left < right ? -1 : left > right ? 1 : 0;
        }
        if (a instanceof String left && b instanceof String right) {
            return ScalarText.compare(left, right);
        }
        return Boolean.compare((Boolean) a, (Boolean) b);
    }

    static @Nullable Object and(@Nullable Object left, Computation right, @Nullable Object[] row) {
        if (Boolean.FALSE.equals(left)) {
            return false;
        }
        Object other = right.of(row);
        return Boolean.FALSE.equals(other) ? (Object) false : left == null || other == null ? null : (Object) true;
    }

    static @Nullable Object or(@Nullable Object left, Computation right, @Nullable Object[] row) {
        if (Boolean.TRUE.equals(left)) {
            return true;
        }
        Object other = right.of(row);
        return Boolean.TRUE.equals(other) ? (Object) true : left == null || other == null ? null : (Object) false;
    }

    static @Nullable Object in(Computation[] arguments, @Nullable Object[] row) {
        Object wanted = arguments[0].of(row);
        if (wanted == null) {
            return null;
        }
        boolean unknown = false;
        for (int i = 1; i < arguments.length; i++) {
            Object candidate = arguments[i].of(row);
            if (candidate == null) {
                unknown = true;
            } else if (compare(wanted, candidate) == 0) {
                return true;
            }
        }
        return unknown ? null : (Object) false;
    }

    /** The largest (sign 1) or smallest (sign -1) of the values that aren't NULL. */
    static @Nullable Object extreme(@Nullable Object[] values, int sign) {
        Object best = null;
        for (Object value : values) {
            if (value != null && (best == null || compare(value, best) * sign > 0)) {
                best = value;
            }
        }
        return best;
    }

    static @Nullable Object finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    static @Nullable Object apply(Operation operation, Object value) {
        return switch (operation) {
            case NEGATE_LONG -> exact(operation, (Long) value, 0);
            case ABS_LONG -> (Long) value < 0 ? exact(operation, (Long) value, 0) : value;
            case SIGN_LONG -> (long) Long.signum((Long) value);
            case NEGATE -> -(Double) value;
            case ABS -> Math.abs((Double) value);
            case SIGN -> Math.signum((Double) value);
            case ROUND -> round((Double) value);
            case FLOOR -> Math.floor((Double) value);
            case CEIL -> Math.ceil((Double) value);
            case SQRT -> finite(Math.sqrt((Double) value));
            case LN -> finite(Math.log((Double) value));
            case LOG10 -> finite(Math.log10((Double) value));
            case EXP -> finite(Math.exp((Double) value));
            case SIN -> Math.sin((Double) value);
            case COS -> Math.cos((Double) value);
            case NOT -> !(Boolean) value;
            case UPPER -> ScalarText.upper((String) value);
            case LOWER -> ScalarText.lower((String) value);
            case CHAR_LENGTH -> (long) ((String) value).codePointCount(0, ((String) value).length());
            case CONCAT -> value;
            default -> throw arity(operation, 1);
        };
    }

    static @Nullable Object apply(Operation operation, Object a, Object b) {
        return switch (operation) {
            case ADD_LONG, SUBTRACT_LONG, MULTIPLY_LONG, ADD_MICROS -> exact(operation, (Long) a, (Long) b);
            case MICROS_BETWEEN -> exact(Operation.SUBTRACT_LONG, (Long) b, (Long) a);
            case DIVIDE_LONG -> (Long) a / (Long) b;
            case MOD_LONG -> (Long) b == 0 ? null : (Object) ((Long) a % (Long) b);
            case ADD -> finite((Double) a + (Double) b);
            case SUBTRACT -> finite((Double) a - (Double) b);
            case MULTIPLY -> finite((Double) a * (Double) b);
            case DIVIDE -> finite((Double) a / (Double) b);
            case MOD -> finite((Double) a % (Double) b);
            case POWER -> finite(Math.pow((Double) a, (Double) b));
            case ROUND_TO -> roundTo((Double) a, (Long) b);
            case EQUAL -> compare(a, b) == 0;
            case NOT_EQUAL -> compare(a, b) != 0;
            case LESS -> compare(a, b) < 0;
            case LESS_OR_EQUAL -> compare(a, b) <= 0;
            case GREATER -> compare(a, b) > 0;
            case GREATER_OR_EQUAL -> compare(a, b) >= 0;
            case LIKE -> ScalarText.like((String) a, (String) b);
            case CONCAT -> (String) a + b;
            case TRIM -> ScalarText.trim((String) a, (String) b, true, true);
            case TRIM_LEADING -> ScalarText.trim((String) a, (String) b, true, false);
            case TRIM_TRAILING -> ScalarText.trim((String) a, (String) b, false, true);
            case SUBSTRING -> ScalarText.substring((String) a, Math.max(1, (Long) b), Long.MAX_VALUE);
            case POSITION -> ScalarText.position((String) a, (String) b);
            default -> throw arity(operation, 2);
        };
    }

    static @Nullable Object applyAll(Operation operation, @Nullable Object[] values, ZoneId zone) {
        return switch (operation) {
            case CONCAT -> {
                StringBuilder text = new StringBuilder();
                for (Object value : values) {
                    text.append(value);
                }
                yield text.toString();
            }
            case SUBSTRING -> ScalarText.substring((String) required(values, 0), whole(values, 1), whole(values, 2));
            case MAKE_TIMESTAMP ->
                LocalTime.make(
                        whole(values, 0),
                        whole(values, 1),
                        whole(values, 2),
                        whole(values, 3),
                        whole(values, 4),
                        whole(values, 5),
                        zone);
            default -> throw arity(operation, values.length);
        };
    }

    private static Object required(@Nullable Object[] values, int index) {
        return java.util.Objects.requireNonNull(values[index]);
    }

    private static long whole(@Nullable Object[] values, int index) {
        return (Long) required(values, index);
    }

    private static IllegalArgumentException arity(Operation operation, int arguments) {
        return new IllegalArgumentException(
                operation + ": " + arguments + " arguments (expected: as the function table makes it)");
    }

    private static long exact(Operation operation, long a, long b) {
        try {
            return switch (operation) {
                case ADD_LONG, ADD_MICROS -> Math.addExact(a, b);
                case SUBTRACT_LONG -> Math.subtractExact(a, b);
                case MULTIPLY_LONG -> Math.multiplyExact(a, b);
                case NEGATE_LONG -> Math.negateExact(a);
                case ABS_LONG -> Math.absExact(a);
                default -> throw arity(operation, 2);
            };
        } catch (ArithmeticException e) {
            throw overflow(
                    operation.name().toLowerCase(Locale.ROOT).replace("_long", "") + " of " + a + " and " + b, e);
        }
    }

    static MillwrightException overflow(String what, @Nullable Throwable cause) {
        return new MillwrightException(
                PlanError.OVERFLOW,
                what + ": more than 64 bits (expected: a bigint). Write CAST(… AS DOUBLE) around an operand.",
                cause);
    }

    /** Halves away from zero; exact, where adding 0.5 would round 0.49999999999999994 up. */
    static double round(double value) {
        double magnitude = Math.abs(value);
        double below = Math.floor(magnitude);
        return Math.copySign(magnitude - below >= 0.5 ? below + 1 : below, value);
    }

    private static double roundTo(double value, long digits) {
        double power = Math.pow(10, (double) digits);
        double rounded = round(value * power) / power;
        return Double.isFinite(rounded) ? rounded : value;
    }

    /** NULL when the value doesn't fit. */
    static @Nullable Object cast(Object value, ValueType type, ZoneId zone) {
        return switch (type) {
            case BIGINT -> toLong(value);
            case DOUBLE -> toDouble(value);
            case BOOLEAN ->
                switch (value) {
                    case String text -> ScalarText.toBoolean(text);
                    case Long number -> number != 0;
                    case Double number -> number != 0;
                    default -> value;
                };
            case VARCHAR -> value.toString();
            case TIMESTAMP ->
                value instanceof String text ? LocalTime.parse(text, zone).orElse(null) : value;
            case INTERVAL, NULL, BROKEN ->
                throw new IllegalArgumentException("cast: " + type + " (expected: a column type)");
        };
    }

    private static @Nullable Object toLong(Object value) {
        return switch (value) {
            case String text -> ScalarText.toLong(text);
            case Double number -> number >= -TWO_TO_63 && number < TWO_TO_63 ? (Object) number.longValue() : null;
            case Boolean truth -> truth ? 1L : 0L;
            default -> value;
        };
    }

    private static @Nullable Object toDouble(Object value) {
        return switch (value) {
            case String text -> ScalarText.toDouble(text);
            case Long number -> number.doubleValue();
            case Boolean truth -> truth ? 1.0 : 0.0;
            default -> value;
        };
    }
}
