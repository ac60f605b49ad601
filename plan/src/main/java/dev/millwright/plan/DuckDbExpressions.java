package dev.millwright.plan;

import dev.millwright.plan.Expression.Branch;
import dev.millwright.plan.Expression.Call;
import dev.millwright.plan.Expression.Case;
import dev.millwright.plan.Expression.Cast;
import dev.millwright.plan.Expression.Extract;
import dev.millwright.plan.Expression.FloorTime;
import dev.millwright.plan.Expression.Literal;
import dev.millwright.plan.Expression.Ref;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Prints expressions for DuckDB so that they mean what {@link Operation} says. DuckDB's doubles follow IEEE 754, so infinities
 * and NaN come up; adding, subtracting, multiplying and rounding pass them on, so a whole chain of these is checked once, where
 * its value is used. Timestamps are naive and in UTC.
 */
final class DuckDbExpressions {
    /** Longer text isn't repeated but bound to a variable, so that nesting doesn't double the text at each level. */
    private static final int REPEATABLE = 120;

    private final ZoneId zone;
    private final Function<Field, String> columns;
    private int variables;

    /** For relations whose columns have the unique names of their fields. */
    DuckDbExpressions(ZoneId zone) {
        this(zone, field -> quote(field.uniqueName()));
    }

    /** @param columns the SQL that gives a field's value */
    DuckDbExpressions(ZoneId zone, Function<Field, String> columns) {
        this.zone = zone;
        this.columns = columns;
    }

    static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    static String typeName(ValueType type) {
        return switch (type) {
            case BOOLEAN, BIGINT, DOUBLE, VARCHAR, TIMESTAMP -> type.name();
            case NULL -> "VARCHAR";
            case INTERVAL, BROKEN -> throw new IllegalArgumentException("type: " + type + " (expected: a column type)");
        };
    }

    /** The expression; never infinite or NaN. */
    String print(Expression expression) {
        String raw = raw(expression);
        return mayBeNonFinite(expression) ? finite(raw) : raw;
    }

    private String finite(String value) {
        return once(value, v -> "CASE WHEN isfinite(" + v + ") THEN " + v + " END");
    }

    private static boolean mayBeNonFinite(Expression expression) {
        return expression instanceof Call call
                && switch (call.operation()) {
                    case ADD, SUBTRACT, MULTIPLY, DIVIDE, MOD, SQRT, LN, LOG10, EXP, POWER -> true;
                    case NEGATE, ABS, ROUND, FLOOR, CEIL ->
                        mayBeNonFinite(call.children().getFirst());
                    default -> false;
                };
    }

    /** Uses a value several times, writing it once if it is long. */
    private String once(String value, UnaryOperator<String> use) {
        if (value.length() <= REPEATABLE) {
            return use.apply(value);
        }
        String variable = "v" + variables++;
        return "list_transform([" + value + "], lambda " + variable + ": " + use.apply(variable) + ")[1]";
    }

    /** Like {@link #print}, but doubles may be infinite or NaN. */
    private String raw(Expression expression) {
        return switch (expression) {
            case Literal literal -> literal(literal);
            case Ref ref -> columns.apply(ref.field());
            case Call call -> call(call);
            case Case cases -> cases(cases);
            case Cast cast -> cast(cast);
            case Extract extract -> extract(extract.field(), print(extract.operand()));
            case FloorTime floor -> floorTime(floor.unit(), print(floor.operand()));
            case Expression.Broken broken ->
                throw new IllegalArgumentException("expression: broken (expected: a checked plan)");
        };
    }

    private static String literal(Literal literal) {
        if (literal.value() == null) {
            return literal.type() == ValueType.NULL ? "NULL" : "CAST(NULL AS " + typeName(literal.type()) + ")";
        }
        return switch (literal.value()) {
            case Boolean value -> value ? "TRUE" : "FALSE";
            case Long value when literal.type() == ValueType.TIMESTAMP -> timestamp(value);
            case Long value -> "CAST(" + (value < 0 ? text(value.toString()) : value.toString()) + " AS BIGINT)";
            case Double value -> "CAST(" + text(value.toString()) + " AS DOUBLE)";
            case String value -> text(value);
            default ->
                throw new IllegalArgumentException("literal: " + literal.value() + " (expected: a column value)");
        };
    }

    private static String timestamp(long micros) {
        LocalDateTime utc = LocalTime.local(micros, ZoneOffset.UTC);
        return "TIMESTAMP '" + utc.format(DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)) + "'";
    }

    private String call(Call call) {
        List<Expression> children = call.children();
        return switch (call.operation()) {
            case ADD, SUBTRACT, MULTIPLY -> infix(sign(call.operation()), raw(children.get(0)), raw(children.get(1)));
            case NEGATE -> "(-" + raw(children.get(0)) + ")";
            case ABS, ROUND, FLOOR, CEIL ->
                function(call.operation().name().toLowerCase(Locale.ROOT), List.of(raw(children.get(0))));
            case DIVIDE -> infix("/", raw(children.get(0)), print(children.get(1)));
            default -> call(call.operation(), children.stream().map(this::print).toList());
        };
    }

    private static String sign(Operation operation) {
        return switch (operation) {
            case ADD, ADD_LONG -> "+";
            case SUBTRACT, SUBTRACT_LONG -> "-";
            case MULTIPLY, MULTIPLY_LONG -> "*";
            case EQUAL -> "=";
            case NOT_EQUAL -> "<>";
            case LESS -> "<";
            case LESS_OR_EQUAL -> "<=";
            case GREATER -> ">";
            case GREATER_OR_EQUAL -> ">=";
            case AND, OR, LIKE -> operation.name();
            default -> throw new IllegalArgumentException("operation: " + operation + " (expected: an infix one)");
        };
    }

    private static String infix(String operator, String... operands) {
        return "(" + String.join(" " + operator + " ", operands) + ")";
    }

    private static String function(String name, List<String> arguments) {
        return name + "(" + String.join(", ", arguments) + ")";
    }

    private String call(Operation operation, List<String> a) {
        return switch (operation) {
            case ADD_LONG,
                    SUBTRACT_LONG,
                    MULTIPLY_LONG,
                    EQUAL,
                    NOT_EQUAL,
                    LESS,
                    LESS_OR_EQUAL,
                    GREATER,
                    GREATER_OR_EQUAL,
                    AND,
                    OR,
                    LIKE -> infix(sign(operation), a.get(0), a.get(1));
            case DIVIDE_LONG -> infix("//", a.get(0), a.get(1));
            case MOD_LONG ->
                once(a.get(1), divisor -> "CASE WHEN " + divisor + " <> 0 THEN " + a.get(0) + " % " + divisor + " END");
            case MOD -> infix("%", a.get(0), a.get(1));
            case NEGATE_LONG -> "(-" + a.get(0) + ")";
            case ABS_LONG -> function("abs", a);
            case SIGN_LONG -> "CAST(sign(" + a.get(0) + ") AS BIGINT)";
            case SIGN -> "CAST(sign(" + a.get(0) + ") AS DOUBLE)";
            case ROUND_TO -> roundTo(a.get(0), a.get(1));
            case SQRT, LN, LOG10, EXP, SIN, COS, UPPER, LOWER, GREATEST, LEAST, COALESCE ->
                function(operation.name().toLowerCase(Locale.ROOT), a);
            case POWER -> function("pow", a);
            case NOT -> "(NOT " + a.get(0) + ")";
            case IN -> "(" + a.get(0) + " IN (" + String.join(", ", a.subList(1, a.size())) + "))";
            case IS_NULL, IS_NOT_NULL, IS_TRUE, IS_NOT_TRUE, IS_FALSE, IS_NOT_FALSE ->
                "(" + a.get(0) + " " + operation.name().replace('_', ' ') + ")";
            case NULLIF ->
                once(a.get(0), first -> "CASE WHEN " + first + " = " + a.get(1) + " THEN NULL ELSE " + first + " END");
            case CONCAT -> infix("||", a.toArray(String[]::new));
            case TRIM -> function("trim", a);
            case TRIM_LEADING -> function("ltrim", a);
            case TRIM_TRAILING -> function("rtrim", a);
            case CHAR_LENGTH -> function("length", a);
            case SUBSTRING -> a.size() == 2 ? substring(a.get(0), a.get(1)) : substring(a.get(0), a.get(1), a.get(2));
            case POSITION -> function("strpos", List.of(a.get(1), a.get(0)));
            case ADD_MICROS -> infix("+", a.get(0), function("to_microseconds", a.subList(1, 2)));
            case MICROS_BETWEEN -> "(epoch_us(" + a.get(1) + ") - epoch_us(" + a.get(0) + "))";
            case MAKE_TIMESTAMP -> makeTimestamp(a, new ArrayList<>());
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, NEGATE, ABS, ROUND, FLOOR, CEIL ->
                throw new IllegalArgumentException(
                        "operation: " + operation + " (expected: printed with unchecked operands)");
        };
    }

    private String roundTo(String value, String digits) {
        String power = "pow(10, " + digits + ")";
        return once(value, v -> {
            String rounded = "round(" + v + " * " + power + ") / " + power;
            return "CASE WHEN isfinite(" + rounded + ") THEN " + rounded + " ELSE " + v + " END";
        });
    }

    private String substring(String text, String start) {
        return once(
                start,
                from -> "substring(" + text + ", CASE WHEN " + from + " < 1 THEN 1 WHEN " + from
                        + " > 1000000000 THEN 1000000000 ELSE " + from + " END)");
    }

    private String substring(String text, String start, String length) {
        return once(
                start,
                from -> once(
                        length,
                        count -> "substring(" + text
                                + ", CASE WHEN " + from + " < 1 THEN 1 WHEN " + from
                                + " > 1000000000 THEN 1000000000 ELSE " + from + " END"
                                + ", CASE WHEN " + from + " IS NULL OR " + count + " IS NULL THEN NULL"
                                + " WHEN " + count + " < 0 OR " + from + " < -4000000000000000000 THEN 0"
                                + " WHEN " + from + " < 1 THEN least(greatest(" + count + " + " + from
                                + " - 1, 0), 1000000000)"
                                + " ELSE least(" + count + ", 1000000000) END)"));
    }

    /** Binds long arguments one after the other, then checks the ranges before DuckDB can fail on them. */
    private String makeTimestamp(List<String> arguments, List<String> bound) {
        if (bound.size() < arguments.size()) {
            return once(arguments.get(bound.size()), argument -> {
                List<String> more = new ArrayList<>(bound);
                more.add(argument);
                return makeTimestamp(arguments, more);
            });
        }
        String[] ranges = {"1 AND 9999", "1 AND 12", "1 AND 31", "0 AND 23", "0 AND 59", "0 AND 59"};
        List<String> checks = new ArrayList<>();
        for (int i = 0; i < ranges.length; i++) {
            checks.add(bound.get(i) + " BETWEEN " + ranges[i]);
        }
        String made = "TRY(make_timestamp(" + String.join(", ", bound) + "))"; // NULL for February 30th
        return "CASE WHEN " + String.join(" AND ", checks) + " THEN " + toUtc(made) + " END";
    }

    private String cases(Case cases) {
        StringBuilder text = new StringBuilder("CASE");
        for (Branch branch : cases.branches()) {
            text.append(" WHEN ")
                    .append(print(branch.condition()))
                    .append(" THEN ")
                    .append(print(branch.result()));
        }
        return text.append(" ELSE ")
                .append(print(cases.otherwise()))
                .append(" END")
                .toString();
    }

    private String cast(Cast cast) {
        String operand = print(cast.operand());
        ValueType from = cast.operand().type();
        return switch (cast.type()) {
            case BIGINT ->
                switch (from) {
                    case DOUBLE -> "TRY_CAST(trunc(" + operand + ") AS BIGINT)";
                    case VARCHAR ->
                        "TRY_CAST(regexp_extract(" + operand + ", " + text(ScalarText.WHOLE_NUMBER) + ", 1) AS BIGINT)";
                    default -> "CAST(" + operand + " AS BIGINT)";
                };
            case DOUBLE ->
                from == ValueType.VARCHAR
                        ? finite("TRY_CAST(regexp_extract(" + operand + ", " + text(ScalarText.NUMBER)
                                + ", 1) AS DOUBLE)")
                        : "CAST(" + operand + " AS DOUBLE)";
            case BOOLEAN ->
                switch (from) {
                    case VARCHAR ->
                        "CASE lower(trim(" + operand + ", ' ')) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END";
                    case BIGINT, DOUBLE -> "(" + operand + " <> 0)";
                    default -> "CAST(" + operand + " AS BOOLEAN)";
                };
            case TIMESTAMP ->
                from == ValueType.VARCHAR
                        ? toUtc("TRY_CAST(regexp_extract(" + operand + ", " + text(LocalTime.PATTERN)
                                + ", 1) AS TIMESTAMP)")
                        : "CAST(" + operand + " AS TIMESTAMP)";
            case VARCHAR -> "CAST(" + operand + " AS VARCHAR)";
            case INTERVAL, NULL, BROKEN ->
                throw new IllegalArgumentException("cast: " + cast.type() + " (expected: a column type)");
        };
    }

    private String toUtc(String local) {
        if (zone.normalized() instanceof ZoneOffset offset) {
            return offset.getTotalSeconds() == 0 ? local : "(" + local + " - " + offsetInterval(offset) + ")";
        }
        return "timezone('UTC', timezone(" + text(zone.getId()) + ", " + local + "))";
    }

    private String toLocal(String utc) {
        if (zone.normalized() instanceof ZoneOffset offset) {
            return offset.getTotalSeconds() == 0 ? utc : "(" + utc + " + " + offsetInterval(offset) + ")";
        }
        return "timezone(" + text(zone.getId()) + ", timezone('UTC', " + utc + "))";
    }

    private static String offsetInterval(ZoneOffset offset) {
        return "to_seconds(" + offset.getTotalSeconds() + ")";
    }

    private String extract(CalendarField field, String operand) {
        return field == CalendarField.EPOCH
                ? "(epoch_us(date_trunc('second', " + operand + ")) // 1000000)"
                : "CAST(date_part('" + field.label() + "', " + toLocal(operand) + ") AS BIGINT)";
    }

    private String floorTime(CalendarField unit, String operand) {
        if (unit.isDayOrLonger()) {
            return toUtc("CAST(date_trunc('" + unit.label() + "', " + toLocal(operand) + ") AS TIMESTAMP)");
        }
        return once(
                operand,
                time -> once(
                        toLocal(time),
                        local -> "(" + time + " - to_microseconds(epoch_us(" + local + ") - epoch_us(date_trunc('"
                                + unit.label() + "', " + local + "))))"));
    }

    /** The expressions, comma-separated. */
    String list(List<Expression> expressions) {
        return expressions.stream().map(this::print).collect(Collectors.joining(", "));
    }
}
