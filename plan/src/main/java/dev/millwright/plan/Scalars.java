package dev.millwright.plan;

import java.time.ZoneId;
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

    /** Whether both are NULL, or equal. */
    static boolean same(@Nullable Object a, @Nullable Object b) {
        return (a == null || b == null) ? a == b : compare(a, b) == 0;
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

    static @Nullable Object apply(Operation operation, Object value, ZoneId zone) {
        return switch (operation) {
            case NEGATE_LONG -> exact(operation, (Long) value, 0);
            case ABS_LONG -> (Long) value < 0 ? exact(operation, (Long) value, 0) : value;
            case SIGN_LONG -> (long) Long.signum((Long) value);
            case NOT -> !(Boolean) value;
            case LAST_DAY -> LocalTime.lastDay((Long) value, zone);
            case CHR -> ScalarText.character((Long) value);
            default ->
                value instanceof Double number ? finite(number(operation, number)) : text(operation, (String) value);
        };
    }

    /** Not finite where the result is NULL. */
    private static double number(Operation operation, double value) {
        return switch (operation) {
            case NEGATE -> -value;
            case ABS -> Math.abs(value);
            case SIGN -> Math.signum(value);
            case ROUND -> round(value);
            case FLOOR -> Math.floor(value);
            case CEIL -> Math.ceil(value);
            case TRUNCATE -> value < 0 ? Math.ceil(value) : Math.floor(value);
            case SQRT -> Math.sqrt(value);
            case CBRT -> NativeMath.cbrt(value);
            case LN -> NativeMath.log(value);
            case LOG10 -> NativeMath.log10(value);
            case LOG2 -> NativeMath.log2(value);
            case EXP -> NativeMath.exp(value);
            case SIN -> NativeMath.sin(value);
            case COS -> NativeMath.cos(value);
            case TAN -> NativeMath.tan(value);
            case ASIN -> NativeMath.asin(value);
            case ACOS -> NativeMath.acos(value);
            case ATAN -> NativeMath.atan(value);
            case SINH -> NativeMath.sinh(value);
            case COSH -> NativeMath.cosh(value);
            case TANH -> NativeMath.tanh(value);
            default -> throw arity(operation, 1);
        };
    }

    private static Object text(Operation operation, String value) {
        return switch (operation) {
            case UPPER -> ScalarText.upper(value);
            case LOWER -> ScalarText.lower(value);
            case CHAR_LENGTH -> (long) value.codePointCount(0, value.length());
            case OCTET_LENGTH -> ScalarText.octets(value);
            case ASCII -> value.isEmpty() ? 0L : (long) value.codePointAt(0);
            case REVERSE -> new StringBuilder(value).reverse().toString();
            case MD5 -> ScalarHash.md5(value);
            case CONCAT -> value;
            default -> throw arity(operation, 1);
        };
    }

    static @Nullable Object apply(Operation operation, Object a, Object b, ZoneId zone) {
        return switch (operation) {
            case ADD_LONG, SUBTRACT_LONG, MULTIPLY_LONG -> exact(operation, (Long) a, (Long) b);
            case MICROS_BETWEEN -> exact(Operation.SUBTRACT_LONG, (Long) b, (Long) a);
            case ADD_MICROS -> LocalTime.add((Long) a, (Long) b);
            case ADD_MONTHS -> LocalTime.addMonths((Long) a, (Long) b, zone);
            case MONTHS_BETWEEN -> LocalTime.monthsBetween((Long) a, (Long) b, zone);
            case DIVIDE_LONG -> (Long) a / (Long) b;
            case MOD_LONG -> (Long) b == 0 ? null : (Object) ((Long) a % (Long) b);
            case ADD -> finite((Double) a + (Double) b);
            case SUBTRACT -> finite((Double) a - (Double) b);
            case MULTIPLY -> finite((Double) a * (Double) b);
            case DIVIDE -> finite((Double) a / (Double) b);
            case MOD -> finite((Double) a % (Double) b);
            case POWER -> finite(NativeMath.pow((Double) a, (Double) b));
            case ATAN2 -> NativeMath.atan2((Double) a + 0.0, (Double) b + 0.0);
            case ROUND_TO -> roundTo((Double) a, (Long) b);
            case EQUAL -> compare(a, b) == 0;
            case NOT_EQUAL -> compare(a, b) != 0;
            case LESS -> compare(a, b) < 0;
            case LESS_OR_EQUAL -> compare(a, b) <= 0;
            case GREATER -> compare(a, b) > 0;
            case GREATER_OR_EQUAL -> compare(a, b) >= 0;
            case HASH_BUCKET -> ScalarHash.bucket((String) a, (Long) b);
            case SUBSTRING -> ScalarText.substring((String) a, Math.max(1, (Long) b), Long.MAX_VALUE);
            case RIGHT -> ScalarText.right((String) a, (Long) b);
            default -> text(operation, (String) a, (String) b);
        };
    }

    private static Object text(Operation operation, String a, String b) {
        return switch (operation) {
            case LIKE -> LikePattern.of(b).matches(a);
            case STARTS_WITH -> a.startsWith(b);
            case ENDS_WITH -> a.endsWith(b);
            case CONCAT -> a + b;
            case TRIM -> ScalarText.trim(a, b, true, true);
            case TRIM_LEADING -> ScalarText.trim(a, b, true, false);
            case TRIM_TRAILING -> ScalarText.trim(a, b, false, true);
            case POSITION -> ScalarText.position(a, b);
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
            case LIKE -> LikePattern.of(text(values, 1), text(values, 2)).matches(text(values, 0));
            case SUBSTRING -> ScalarText.substring(text(values, 0), whole(values, 1), whole(values, 2));
            case REPLACE -> ScalarText.replace(text(values, 0), text(values, 1), text(values, 2));
            case TRANSLATE -> ScalarText.translate(text(values, 0), text(values, 1), text(values, 2));
            case SPLIT_PART -> ScalarText.part(text(values, 0), text(values, 1), whole(values, 2));
            case PAD_LEFT -> ScalarText.pad(text(values, 0), whole(values, 1), text(values, 2), true);
            case PAD_RIGHT -> ScalarText.pad(text(values, 0), whole(values, 1), text(values, 2), false);
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

    private static String text(@Nullable Object[] values, int index) {
        return (String) required(values, index);
    }

    private static IllegalArgumentException arity(Operation operation, int arguments) {
        return new IllegalArgumentException(
                operation + ": " + arguments + " arguments (expected: as the function table makes it)");
    }

    /** NULL when it doesn't fit. */
    private static @Nullable Object exact(Operation operation, long a, long b) {
        try {
            return switch (operation) {
                case ADD_LONG -> Math.addExact(a, b);
                case SUBTRACT_LONG -> Math.subtractExact(a, b);
                case MULTIPLY_LONG -> Math.multiplyExact(a, b);
                case NEGATE_LONG -> Math.negateExact(a);
                case ABS_LONG -> Math.absExact(a);
                default -> throw arity(operation, 2);
            };
        } catch (ArithmeticException e) {
            return null; // more than 64 bits: what the caller asks about
        }
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
            case INTERVAL, MONTHS, NULL, BROKEN ->
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
