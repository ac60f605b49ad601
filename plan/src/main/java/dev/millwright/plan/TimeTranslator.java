package dev.millwright.plan;

import dev.millwright.core.Words;
import dev.millwright.plan.Expression.Broken;
import dev.millwright.plan.Expression.Call;
import dev.millwright.plan.Expression.Extract;
import dev.millwright.plan.Expression.FloorTime;
import dev.millwright.plan.Expression.Literal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;

/** Translates the functions of time that name a unit. */
final class TimeTranslator {
    private final ExpressionTranslator expressions;
    private final Literals literals;
    private final Reporter reporter;

    TimeTranslator(ExpressionTranslator expressions, Literals literals, Reporter reporter) {
        this.expressions = expressions;
        this.literals = literals;
        this.reporter = reporter;
    }

    Expression extract(SqlCall call) {
        String unit = reporter.text(call.operand(0));
        Expression operand = timestamp(call.operand(1), "EXTRACT(unit FROM timestamp)");
        Optional<CalendarField> field = CalendarField.find(unit);
        if (field.isEmpty()) {
            return unknown(call.operand(0), unit, CalendarField.values());
        }
        return operand instanceof Broken ? operand : new Extract(field.get(), operand);
    }

    /** {@code FLOOR(timestamp TO unit)}. */
    Expression floor(SqlCall call) {
        return floor(call.operand(0), call.operand(1), reporter.text(call.operand(1)), "FLOOR(timestamp TO unit)");
    }

    /** {@code DATE_TRUNC('unit', timestamp)}, another way to write {@link #floor}. */
    Expression truncate(SqlCall call) {
        SqlNode unit = call.operand(0);
        if (call.operandCount() != 2
                || !(unit instanceof SqlLiteral literal)
                || !(literal.getValue() instanceof org.apache.calcite.util.NlsString text)) {
            return reporter.broken(
                    call, "'" + reporter.text(call) + "': no unit (expected: DATE_TRUNC('unit', timestamp))");
        }
        return floor(call.operand(1), unit, text.getValue(), "DATE_TRUNC('unit', timestamp)");
    }

    private Expression floor(SqlNode timestamp, SqlNode unitNode, String unit, String usage) {
        Expression operand = timestamp(timestamp, usage);
        Optional<CalendarField> field = CalendarField.find(unit).filter(CalendarField::canBeFlooredTo);
        if (field.isEmpty()) {
            CalendarField[] units = Stream.of(CalendarField.values())
                    .filter(CalendarField::canBeFlooredTo)
                    .toArray(CalendarField[]::new);
            return unknown(unitNode, unit, units);
        }
        return operand instanceof Broken ? operand : new FloorTime(field.get(), operand);
    }

    private Expression unknown(SqlNode node, String unit, CalendarField[] units) {
        List<String> names = Stream.of(units).map(Enum::name).toList();
        return reporter.broken(node, unit + ": unknown unit." + Words.suggestion(unit, names));
    }

    /** {@code TIMESTAMPADD(unit, count, timestamp)}. */
    Expression add(SqlCall call) {
        String usage = "TIMESTAMPADD(unit, count, timestamp)";
        Optional<Length> unit = unit(call, usage);
        if (unit.isEmpty()) {
            return new Broken();
        }
        SqlNode countNode = call.operand(1);
        Expression count = expressions.translate(countNode);
        Expression operand = timestamp(call.operand(2), usage);
        if (!Types.fits(count.type(), ValueType.BIGINT)) {
            return reporter.broken(
                    countNode,
                    "'" + countNode + "': " + count.type().label() + " (expected: bigint, in " + usage
                            + "). Write CAST(… AS BIGINT).");
        }
        if (operand instanceof Broken || count instanceof Broken) {
            return new Broken();
        }
        Expression whole = Types.as(ValueType.BIGINT, count);
        Expression length = unit.get().size() == 1
                ? whole
                : new Call(
                        Operation.MULTIPLY_LONG,
                        ValueType.BIGINT,
                        List.of(whole, new Literal(unit.get().size(), ValueType.BIGINT)));
        Operation operation = unit.get().isCalendar() ? Operation.ADD_MONTHS : Operation.ADD_MICROS;
        return new Call(operation, ValueType.TIMESTAMP, List.of(operand, length));
    }

    /** {@code TIMESTAMPDIFF(unit, earlier, later)}. */
    Expression difference(SqlCall call) {
        String usage = "TIMESTAMPDIFF(unit, earlier, later)";
        Optional<Length> unit = unit(call, usage);
        if (unit.isEmpty()) {
            return new Broken();
        }
        Expression from = timestamp(call.operand(1), usage);
        Expression to = timestamp(call.operand(2), usage);
        if (from instanceof Broken || to instanceof Broken) {
            return new Broken();
        }
        Operation operation = unit.get().isCalendar() ? Operation.MONTHS_BETWEEN : Operation.MICROS_BETWEEN;
        Expression between = new Call(operation, ValueType.BIGINT, List.of(from, to));
        return unit.get().size() == 1
                ? between
                : new Call(
                        Operation.DIVIDE_LONG,
                        ValueType.BIGINT,
                        List.of(between, new Literal(unit.get().size(), ValueType.BIGINT)));
    }

    /** How many microseconds, or calendar months, a unit has. */
    private record Length(long size, boolean isCalendar) {}

    /** The unit, if the call is written as {@code usage} says; else it was reported. */
    private Optional<Length> unit(SqlCall call, String usage) {
        String name = call.getOperator().getName();
        if (!usage.startsWith(name + "(")
                || call.operandCount() != 3
                || !(call.operand(0) instanceof SqlIntervalQualifier qualifier)) {
            reporter.report(call, name + ": unknown function (expected: " + usage + ")");
            return Optional.empty();
        }
        Optional<Long> months = literals.months(qualifier);
        return months.isPresent()
                ? Optional.of(new Length(months.get(), true))
                : literals.unit(qualifier).map(micros -> new Length(micros, false));
    }

    private Expression timestamp(SqlNode node, String usage) {
        Expression expression = expressions.translate(node);
        if (!Types.fits(expression.type(), ValueType.TIMESTAMP)) {
            return reporter.broken(
                    node,
                    "'" + reporter.text(node) + "': " + expression.type().label() + " (expected: a timestamp, in "
                            + usage + ")");
        }
        return Types.as(ValueType.TIMESTAMP, expression);
    }
}
