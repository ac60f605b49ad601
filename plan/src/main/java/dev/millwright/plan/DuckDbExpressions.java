package dev.millwright.plan;

import dev.millwright.plan.Expression.Branch;
import dev.millwright.plan.Expression.Call;
import dev.millwright.plan.Expression.Case;
import dev.millwright.plan.Expression.Cast;
import dev.millwright.plan.Expression.Extract;
import dev.millwright.plan.Expression.FloorTime;
import dev.millwright.plan.Expression.Literal;
import dev.millwright.plan.Expression.Ref;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Prints expressions for DuckDB so that they mean what {@link Operation} says. DuckDB's doubles follow IEEE 754, so infinities
 * and NaN come up; adding, subtracting, multiplying and rounding pass them on, so a whole chain of these is checked once, where
 * its value is used.
 */
final class DuckDbExpressions {
    private final DuckDbVariables variables = new DuckDbVariables();
    private final DuckDbTexts texts = new DuckDbTexts(variables);
    private final DuckDbWholes wholes = new DuckDbWholes(variables, this::print);
    private final DuckDbTimes times;
    private final Function<Field, String> columns;

    /** For relations whose columns have the unique names of their fields. */
    DuckDbExpressions(ZoneId zone) {
        this(zone, field -> quote(field.uniqueName()));
    }

    /** @param columns the SQL that gives a field's value */
    DuckDbExpressions(ZoneId zone, Function<Field, String> columns) {
        this.times = new DuckDbTimes(zone, variables);
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
            case INTERVAL, MONTHS, BROKEN ->
                throw new IllegalArgumentException("type: " + type + " (expected: a column type)");
        };
    }

    /** The expressions, comma-separated. */
    String list(List<Expression> expressions) {
        return expressions.stream().map(this::print).collect(Collectors.joining(", "));
    }

    /** The expression; never infinite or NaN, and never fails. */
    String print(Expression expression) {
        String raw = raw(expression);
        return mayBeNonFinite(expression) ? finite(raw) : raw;
    }

    /** The value, or NaN where its magnitude is larger. */
    String unlessLarger(String value, double largest) {
        String limit = "CAST(" + text(Double.toString(largest)) + " AS DOUBLE)";
        return variables.once(
                value, v -> "CASE WHEN abs(" + v + ") > " + limit + " THEN CAST('NaN' AS DOUBLE) ELSE " + v + " END");
    }

    private String finite(String value) {
        return variables.once(value, v -> "CASE WHEN isfinite(" + v + ") THEN " + v + " END");
    }

    private static boolean mayBeNonFinite(Expression expression) {
        return expression instanceof Call call
                && switch (call.operation()) {
                    case ADD,
                            SUBTRACT,
                            MULTIPLY,
                            DIVIDE,
                            MOD,
                            SQRT,
                            LN,
                            LOG10,
                            LOG2,
                            EXP,
                            POWER,
                            ASIN,
                            ACOS,
                            SINH,
                            COSH -> true;
                    case NEGATE, ABS, ROUND, FLOOR, CEIL, TRUNCATE ->
                        mayBeNonFinite(call.children().getFirst());
                    default -> false;
                };
    }

    /** Like {@link #print}, but doubles may be infinite or NaN. */
    private String raw(Expression expression) {
        return switch (expression) {
            case Literal literal -> literal(literal);
            case Ref ref -> columns.apply(ref.field());
            case Call call -> call(call);
            case Case cases -> cases(cases);
            case Cast cast -> cast(cast);
            case Extract extract -> times.extract(extract.field(), print(extract.operand()));
            case FloorTime floor -> times.floor(floor.unit(), print(floor.operand()));
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
            case Long value when literal.type() == ValueType.TIMESTAMP -> DuckDbTimes.literal(value);
            case Long value -> "CAST(" + (value < 0 ? text(value.toString()) : value.toString()) + " AS BIGINT)";
            case Double value -> "CAST(" + text(value.toString()) + " AS DOUBLE)";
            case String value -> text(value);
            default ->
                throw new IllegalArgumentException("literal: " + literal.value() + " (expected: a column value)");
        };
    }

    private String call(Call call) {
        List<Expression> children = call.children();
        return switch (call.operation()) {
            case ADD, SUBTRACT, MULTIPLY -> infix(sign(call.operation()), raw(children.get(0)), raw(children.get(1)));
            case ADD_LONG, SUBTRACT_LONG, MULTIPLY_LONG, NEGATE_LONG, ABS_LONG -> wholes.print(call);
            case NEGATE -> "(-" + raw(children.get(0)) + ")";
            case ABS, ROUND, FLOOR, CEIL -> name(call.operation()) + "(" + raw(children.get(0)) + ")";
            case TRUNCATE -> "trunc(" + raw(children.get(0)) + ")";
            case DIVIDE -> infix("/", raw(children.get(0)), print(children.get(1)));
            default -> call(call.operation(), children.stream().map(this::print).toList());
        };
    }

    private static String name(Operation operation) {
        return operation.name().toLowerCase(Locale.ROOT);
    }

    private static String sign(Operation operation) {
        return switch (operation) {
            case ADD -> "+";
            case SUBTRACT -> "-";
            case MULTIPLY -> "*";
            case EQUAL -> "=";
            case NOT_EQUAL -> "<>";
            case LESS -> "<";
            case LESS_OR_EQUAL -> "<=";
            case GREATER -> ">";
            case GREATER_OR_EQUAL -> ">=";
            case AND, OR -> operation.name();
            case IS_DISTINCT -> "IS DISTINCT FROM";
            case IS_NOT_DISTINCT -> "IS NOT DISTINCT FROM";
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
            case EQUAL,
                    NOT_EQUAL,
                    LESS,
                    LESS_OR_EQUAL,
                    GREATER,
                    GREATER_OR_EQUAL,
                    AND,
                    OR,
                    IS_DISTINCT,
                    IS_NOT_DISTINCT -> infix(sign(operation), a.get(0), a.get(1));
            case DIVIDE_LONG -> infix("//", a.get(0), a.get(1));
            case MOD_LONG -> modulo(a.get(0), a.get(1));
            case MOD -> infix("%", a.get(0), a.get(1));
            case SIGN_LONG -> "CAST(sign(" + a.get(0) + ") AS BIGINT)";
            case SIGN -> "CAST(sign(" + a.get(0) + ") AS DOUBLE)";
            case ROUND_TO -> roundTo(a.get(0), a.get(1));
            case SQRT,
                    CBRT,
                    LN,
                    LOG10,
                    LOG2,
                    EXP,
                    SIN,
                    COS,
                    TAN,
                    ASIN,
                    ACOS,
                    ATAN,
                    SINH,
                    COSH,
                    TANH,
                    GREATEST,
                    LEAST,
                    COALESCE,
                    UPPER,
                    LOWER,
                    STARTS_WITH,
                    ENDS_WITH,
                    REPLACE,
                    TRANSLATE,
                    ASCII,
                    MD5 -> function(name(operation), a);
            case POWER -> function("pow", a);
            case ATAN2 -> "atan2(" + a.get(0) + " + CAST(0 AS DOUBLE), " + a.get(1) + " + CAST(0 AS DOUBLE))";
            case NOT -> "(NOT " + a.get(0) + ")";
            case IN -> "(" + a.get(0) + " IN (" + String.join(", ", a.subList(1, a.size())) + "))";
            case IS_NULL, IS_NOT_NULL, IS_TRUE, IS_NOT_TRUE, IS_FALSE, IS_NOT_FALSE ->
                "(" + a.get(0) + " " + operation.name().replace('_', ' ') + ")";
            case NULLIF ->
                variables.once(
                        a.get(0),
                        first -> "CASE WHEN " + first + " = " + a.get(1) + " THEN NULL ELSE " + first + " END");
            case TRIM -> function("trim", a);
            case TRIM_LEADING -> function("ltrim", a);
            case TRIM_TRAILING -> function("rtrim", a);
            case CHAR_LENGTH -> function("length", a);
            case OCTET_LENGTH -> function("strlen", a);
            case POSITION -> function("strpos", List.of(a.get(1), a.get(0)));
            case CONCAT -> texts.concat(a);
            case LIKE -> texts.like(a);
            case SUBSTRING -> texts.substring(a);
            case RIGHT -> texts.right(a.get(0), a.get(1));
            case PAD_LEFT -> texts.pad("lpad", a);
            case PAD_RIGHT -> texts.pad("rpad", a);
            case SPLIT_PART -> texts.splitPart(a);
            case REVERSE -> texts.reverse(a.get(0));
            case CHR -> texts.character(a.get(0));
            case HASH_BUCKET -> texts.bucket(a.get(0), a.get(1));
            case MICROS_BETWEEN -> "(epoch_us(" + a.get(1) + ") - epoch_us(" + a.get(0) + "))";
            case ADD_MICROS -> times.add(a.get(0), a.get(1));
            case ADD_MONTHS -> times.addMonths(a.get(0), a.get(1));
            case MONTHS_BETWEEN -> times.monthsBetween(a.get(0), a.get(1));
            case LAST_DAY -> times.lastDay(a.get(0));
            case MAKE_TIMESTAMP -> times.make(a);
            case ADD,
                    SUBTRACT,
                    MULTIPLY,
                    DIVIDE,
                    ADD_LONG,
                    SUBTRACT_LONG,
                    MULTIPLY_LONG,
                    NEGATE,
                    NEGATE_LONG,
                    ABS,
                    ABS_LONG,
                    ROUND,
                    FLOOR,
                    CEIL,
                    TRUNCATE ->
                throw new IllegalArgumentException(
                        "operation: " + operation + " (expected: printed with unchecked operands)");
        };
    }

    /** DuckDB fails on the smallest BIGINT modulo -1. */
    private String modulo(String dividend, String divisor) {
        return variables.once(
                divisor,
                by -> "CASE " + by + " WHEN 0 THEN NULL WHEN -1 THEN " + dividend + " & 0 ELSE " + dividend + " % " + by
                        + " END");
    }

    private String roundTo(String value, String digits) {
        String power = "pow(10, " + digits + ")";
        return variables.once(value, v -> {
            String rounded = "round(" + v + " * " + power + ") / " + power;
            return "CASE WHEN isfinite(" + rounded + ") THEN " + rounded + " ELSE " + v + " END";
        });
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
            case TIMESTAMP -> from == ValueType.VARCHAR ? times.parse(operand) : "CAST(" + operand + " AS TIMESTAMP)";
            case VARCHAR -> "CAST(" + operand + " AS VARCHAR)";
            case INTERVAL, MONTHS, NULL, BROKEN ->
                throw new IllegalArgumentException("cast: " + cast.type() + " (expected: a column type)");
        };
    }
}
