package dev.millwright.plan;

import dev.millwright.plan.Relation.WindowCall;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;

/** A function before OVER. Those that name a row by its place have a frame of their own, or one that ends before the row. */
final class OverTranslator {
    private static final long FARTHEST = 1_000_000;

    private final Reporter reporter;
    private final AggregateTranslator aggregates;
    private final AggregateSyntax written;

    OverTranslator(Reporter reporter, AggregateTranslator aggregates, AggregateSyntax written) {
        this.reporter = reporter;
        this.aggregates = aggregates;
        this.written = written;
    }

    /**
     * The call, or empty after a problem was reported.
     *
     * @param spec empty when the window was reported
     * @param framed whether the window says which rows it takes
     */
    Optional<WindowCall> call(Optional<WindowSpec> spec, boolean framed, Function<SqlNode, Expression> arguments) {
        return switch (written.name()) {
            case "LAG" -> lag(spec, framed, arguments);
            case "ROW_NUMBER" -> rowNumber(spec, framed);
            default -> aggregate(spec, arguments);
        };
    }

    private Optional<WindowCall> aggregate(Optional<WindowSpec> spec, Function<SqlNode, Expression> arguments) {
        Optional<AggregateCall> checked = aggregates.check(written, arguments);
        if (spec.isEmpty() || checked.isEmpty()) {
            return Optional.empty();
        }
        AggregateFunction function = checked.get().function();
        if (function == AggregateFunction.COUNT_DISTINCT) {
            return refused("DISTINCT: in a window (expected: GROUP BY, or a plain aggregate)");
        }
        if (function.isPlace() && spec.get().frame().includesCurrentRow()) {
            return refused(
                    written.name()
                            + ": up to CURRENT ROW (expected: a frame that ends before it, as in RANGE BETWEEN INTERVAL '8' DAY PRECEDING AND INTERVAL '1' SECOND PRECEDING)");
        }
        return Optional.of(new WindowCall(checked.get(), spec.get()));
    }

    /** {@code LAG(x, n)} is x in the nth row before this one. */
    private Optional<WindowCall> lag(
            Optional<WindowSpec> spec, boolean framed, Function<SqlNode, Expression> arguments) {
        SqlCall call = written.call();
        if (call.operandCount() < 1 || call.operandCount() > 2 || isQualified()) {
            return refused("LAG: '" + reporter.text(call)
                    + "' (expected: LAG(x) or LAG(x, rows)). For a value instead of NULL, write COALESCE around it.");
        }
        long back = 1;
        if (call.operandCount() == 2) {
            Expression rows = arguments.apply(call.operand(1));
            if (!(rows instanceof Expression.Literal literal
                    && literal.value() instanceof Long value
                    && value >= 1
                    && value <= FARTHEST)) {
                return refused(
                        "LAG: " + reporter.text(call.operand(1)) + " (expected: a whole number from 1 to 1000000)");
            }
            back = value;
        }
        SqlNode node = call.operand(0);
        Optional<AggregateCall> value = aggregates.make(AggregateFunction.MAX, arguments.apply(node), node);
        return unframed(spec, framed, new Frame(Frame.Unit.ROWS, OptionalLong.of(back), back))
                .flatMap(own -> value.map(max -> new WindowCall(max, own)));
    }

    /** How many rows there are up to this one. */
    private Optional<WindowCall> rowNumber(Optional<WindowSpec> spec, boolean framed) {
        if (written.call().operandCount() > 0 || isQualified()) {
            return refused("ROW_NUMBER: '" + reporter.text(written.call()) + "' (expected: ROW_NUMBER())");
        }
        return unframed(spec, framed, new Frame(Frame.Unit.ROWS, OptionalLong.empty(), 0))
                .map(own -> new WindowCall(aggregates.countOfRows(), own));
    }

    private boolean isQualified() {
        return written.distinct() || written.ignoresNulls() || written.filter().isPresent();
    }

    private Optional<WindowSpec> unframed(Optional<WindowSpec> spec, boolean framed, Frame frame) {
        if (framed) {
            refused(written.name() + ": in a window with a frame (expected: OVER (PARTITION BY … ORDER BY …))");
            return Optional.empty();
        }
        return spec.map(window -> new WindowSpec(window.partition(), window.order(), frame));
    }

    private Optional<WindowCall> refused(String message) {
        reporter.report(written.call(), message);
        return Optional.empty();
    }
}
