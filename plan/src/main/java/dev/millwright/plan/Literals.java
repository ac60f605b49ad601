package dev.millwright.plan;

import dev.millwright.plan.Expression.Literal;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.type.SqlTypeName;

/** Turns literals into values. Timestamps without a zone are in the view's; a date is its midnight. */
final class Literals {
    private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal SMALLEST = BigDecimal.valueOf(Long.MIN_VALUE);

    private final ZoneId zone;
    private final Reporter reporter;

    Literals(ZoneId zone, Reporter reporter) {
        this.zone = zone;
        this.reporter = reporter;
    }

    Expression translate(SqlLiteral literal) {
        return switch (literal) {
            case SqlNumericLiteral number -> number(number);
            case SqlCharStringLiteral text -> new Literal(text.getValueAs(String.class), ValueType.VARCHAR);
            case SqlIntervalLiteral interval -> interval(interval);
            default -> other(literal);
        };
    }

    private Expression other(SqlLiteral literal) {
        if (literal.getTypeName() == SqlTypeName.NULL) {
            return new Literal(null, ValueType.NULL);
        }
        if (literal.getTypeName() == SqlTypeName.BOOLEAN && literal.getValue() != null) {
            return new Literal(literal.booleanValue(), ValueType.BOOLEAN);
        }
        String tag = literal.getTypeName() == SqlTypeName.UNKNOWN
                ? literal.toString().split(" ", 2)[0]
                : literal.getTypeName().getName();
        if (tag.equals("TIMESTAMP") || tag.equals("DATE")) {
            return timestamp(literal, String.valueOf(literal.getValue()));
        }
        return reporter.broken(
                literal,
                literal
                        + ": not supported (expected: a number, 'text', TRUE, FALSE, NULL, TIMESTAMP '…' or INTERVAL '…' unit)");
    }

    private Expression timestamp(SqlLiteral literal, String text) {
        return LocalTime.parse(text, zone)
                .<Expression>map(micros -> new Literal(micros, ValueType.TIMESTAMP))
                .orElseGet(() -> reporter.broken(
                        literal, "'" + text + "': not a timestamp (expected: TIMESTAMP 'yyyy-mm-dd hh:mm:ss')"));
    }

    private Expression number(SqlNumericLiteral literal) {
        BigDecimal value = literal.bigDecimalValue();
        if (value == null || literal.toString().matches("[^.eE]*")) {
            if (value == null || value.compareTo(LARGEST) > 0 || value.compareTo(SMALLEST) < 0) {
                return reporter.broken(
                        literal,
                        reporter.text(literal)
                                + ": too large (expected: at most 64 bits). Write it as 1.5e30 for a double.");
            }
            return new Literal(value.longValueExact(), ValueType.BIGINT);
        }
        double real = value.doubleValue();
        return Double.isFinite(real)
                ? new Literal(real, ValueType.DOUBLE)
                : reporter.broken(literal, reporter.text(literal) + ": too large (expected: a double)");
    }

    /** The exact length of a unit in microseconds; reports those that have none. */
    Optional<Long> unit(SqlIntervalQualifier qualifier) {
        Optional<Long> micros = qualifier.timeFrameName == null ? micros(qualifier.getStartUnit()) : Optional.empty();
        if (micros.isEmpty()) {
            reporter.report(
                    qualifier,
                    reporter.text(qualifier)
                            + ": unknown unit (expected: MICROSECOND, MILLISECOND, SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER or YEAR)");
        }
        return micros;
    }

    /** How many calendar months a unit has, if it is one of these. */
    Optional<Long> months(SqlIntervalQualifier qualifier) {
        if (qualifier.timeFrameName != null) {
            return Optional.empty();
        }
        return switch (qualifier.getStartUnit()) {
            case MONTH -> Optional.of(1L);
            case QUARTER -> Optional.of(3L);
            case YEAR -> Optional.of(12L);
            default -> Optional.empty();
        };
    }

    private static Optional<Long> micros(TimeUnit unit) {
        return switch (unit) {
            case MICROSECOND -> Optional.of(1L);
            case MILLISECOND -> Optional.of(1_000L);
            case SECOND -> Optional.of(1_000_000L);
            case MINUTE -> Optional.of(60_000_000L);
            case HOUR -> Optional.of(3_600_000_000L);
            case DAY -> Optional.of(86_400_000_000L);
            case WEEK -> Optional.of(7 * 86_400_000_000L);
            default -> Optional.empty();
        };
    }

    /** {@code INTERVAL 8 DAY}, which the parser leaves as a call. */
    Expression interval(SqlCall call) {
        SqlNode count = call.operand(0);
        if (call.operand(1) instanceof SqlIntervalQualifier qualifier
                && count instanceof SqlLiteral number
                && translate(number) instanceof Literal literal
                && literal.value() instanceof Long value) {
            return length(call, qualifier, unit -> Math.multiplyExact(value, unit));
        }
        return reporter.broken(
                call,
                call
                        + ": not an interval (expected: INTERVAL '8' DAY). For a computed length use TIMESTAMPADD(unit, count, timestamp).");
    }

    private Expression interval(SqlIntervalLiteral literal) {
        SqlIntervalLiteral.IntervalValue value = literal.getValueAs(SqlIntervalLiteral.IntervalValue.class);
        SqlIntervalQualifier qualifier = value.getIntervalQualifier();
        return length(
                literal,
                qualifier,
                unit -> value.getSign()
                        * (qualifier.isSingleDatetimeField()
                                ? new BigDecimal(value.getIntervalLiteral().strip())
                                        .multiply(BigDecimal.valueOf(unit))
                                        .longValueExact()
                                : composed(value, qualifier)));
    }

    private interface Scale {
        /** @throws ArithmeticException when it doesn't fit */
        long of(long unit);
    }

    /** A length in months or in microseconds, by the unit. */
    private Expression length(SqlNode node, SqlIntervalQualifier qualifier, Scale scale) {
        Optional<Long> months = months(qualifier);
        Optional<Long> unit = months.isPresent() ? months : unit(qualifier);
        if (unit.isEmpty()) {
            return new Expression.Broken();
        }
        try {
            return new Literal(scale.of(unit.get()), months.isPresent() ? ValueType.MONTHS : ValueType.INTERVAL);
        } catch (NumberFormatException | ArithmeticException | CalciteException e) {
            return reporter.broken(
                    node,
                    node.toString().toUpperCase(Locale.ROOT)
                            + ": not an interval (expected: INTERVAL '8' DAY, or '1 12' DAY TO HOUR)");
        }
    }

    private static long composed(SqlIntervalLiteral.IntervalValue value, SqlIntervalQualifier qualifier) {
        int[] parts = qualifier.evaluateIntervalLiteral(
                value.getIntervalLiteral(), qualifier.getParserPosition(), CalciteCheck.TYPE_SYSTEM);
        if (qualifier.isYearMonth()) {
            return parts[0] * (parts[1] * 12L + parts[2]);
        }
        long seconds = ((parts[1] * 24L + parts[2]) * 60 + parts[3]) * 60 + parts[4];
        return parts[0] * (seconds * 1_000_000 + parts[5] * 1_000L);
    }
}
