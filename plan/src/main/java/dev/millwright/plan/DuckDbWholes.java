package dev.millwright.plan;

import dev.millwright.plan.Expression.Call;
import dev.millwright.plan.Expression.Case;
import dev.millwright.plan.Expression.Cast;
import dev.millwright.plan.Expression.Extract;
import dev.millwright.plan.Expression.Literal;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Function;

/**
 * Prints arithmetic of BIGINT for DuckDB, which fails where a result doesn't fit, so that it is NULL there. Its own {@code TRY}
 * won't do: DuckDB may compute a part that occurs twice beforehand, outside of it.
 */
final class DuckDbWholes {
    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger UNKNOWN = BigInteger.ONE.shiftLeft(63);
    private static final BigInteger HALF = BigInteger.ONE.shiftLeft(62);
    private static final BigInteger ROOT = BigInteger.ONE.shiftLeft(31);

    private final DuckDbVariables variables;
    private final Function<Expression, String> printer;

    DuckDbWholes(DuckDbVariables variables, Function<Expression, String> printer) {
        this.variables = variables;
        this.printer = printer;
    }

    String print(Call call) {
        Expression first = call.children().getFirst();
        return switch (call.operation()) {
            case ADD_LONG -> binary(call, "+", HALF);
            case SUBTRACT_LONG -> binary(call, "-", HALF);
            case MULTIPLY_LONG -> binary(call, "*", ROOT);
            case NEGATE_LONG -> unary(first, value -> "(-" + value + ")");
            case ABS_LONG -> unary(first, value -> "abs(" + value + ")");
            default ->
                throw new IllegalArgumentException(
                        "operation: " + call.operation() + " (expected: arithmetic of BIGINT)");
        };
    }

    private String unary(Expression operand, Function<String, String> use) {
        String text = printer.apply(operand);
        return largest(operand).compareTo(LARGEST) <= 0
                ? use.apply(text)
                : variables.once(
                        text, value -> "CASE WHEN " + value + " >= -" + LARGEST + " THEN " + use.apply(value) + " END");
    }

    /** @param safe operands whose magnitude is below this can't overflow */
    private String binary(Call call, String sign, BigInteger safe) {
        List<Expression> operands = call.children();
        List<String> texts = operands.stream().map(printer).toList();
        if (largest(call).compareTo(LARGEST) <= 0) {
            return plain(texts, sign);
        }
        return variables.once(texts, values -> {
            StringBuilder text = new StringBuilder("CASE WHEN ");
            for (int i = 0; i < 2; i++) {
                if (largest(operands.get(i)).compareTo(safe) >= 0) {
                    text.append(text.length() > 10 ? " AND " : "")
                            .append(values.get(i))
                            .append(" > -")
                            .append(safe)
                            .append(" AND ")
                            .append(values.get(i))
                            .append(" < ")
                            .append(safe);
                }
            }
            return text.append(" THEN ")
                    .append(plain(values, sign))
                    .append(" ELSE TRY_CAST(")
                    .append(plain(
                            values.stream()
                                    .map(value -> "CAST(" + value + " AS HUGEINT)")
                                    .toList(),
                            sign))
                    .append(" AS BIGINT) END")
                    .toString();
        });
    }

    private static String plain(List<String> operands, String sign) {
        return "(" + operands.get(0) + " " + sign + " " + operands.get(1) + ")";
    }

    /** No value is larger in magnitude. */
    private static BigInteger largest(Expression expression) {
        BigInteger largest = switch (expression) {
            case Literal literal ->
                literal.value() instanceof Long value
                        ? BigInteger.valueOf(value).abs()
                        : UNKNOWN;
            case Extract extract -> BigInteger.valueOf(extract.field() == CalendarField.EPOCH ? 1L << 40 : 10_000);
            case Cast cast -> cast.operand().type() == ValueType.BOOLEAN ? BigInteger.ONE : UNKNOWN;
            case Case cases ->
                cases.branches().stream()
                        .map(branch -> largest(branch.result()))
                        .reduce(largest(cases.otherwise()), BigInteger::max);
            case Call call -> largest(call);
            default -> UNKNOWN;
        };
        return largest.min(UNKNOWN);
    }

    private static BigInteger largest(Call call) {
        List<BigInteger> operands = call.children().stream()
                .filter(child -> child.type() == ValueType.BIGINT)
                .map(DuckDbWholes::largest)
                .toList();
        return switch (call.operation()) {
            case ADD_LONG, SUBTRACT_LONG -> operands.get(0).add(operands.get(1));
            case MULTIPLY_LONG -> operands.get(0).multiply(operands.get(1));
            case NEGATE_LONG, ABS_LONG, NULLIF -> operands.get(0);
            case MOD_LONG -> operands.get(0).min(operands.get(1));
            case DIVIDE_LONG -> operands.get(0).divide(operands.get(1));
            case COALESCE, GREATEST, LEAST -> operands.stream().reduce(BigInteger.ZERO, BigInteger::max);
            case SIGN_LONG -> BigInteger.ONE;
            case HASH_BUCKET, CHAR_LENGTH, OCTET_LENGTH, POSITION, ASCII -> BigInteger.ONE.shiftLeft(34);
            case MONTHS_BETWEEN -> BigInteger.valueOf(LocalTime.MOST_MONTHS + 12);
            case MICROS_BETWEEN ->
                BigInteger.valueOf(LocalTime.LATEST - LocalTime.EARLIEST).shiftLeft(1);
            default -> UNKNOWN;
        };
    }
}
