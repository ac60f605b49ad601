package dev.millwright.plan;

import dev.millwright.core.Words;
import dev.millwright.plan.Expression.Literal;
import dev.millwright.plan.Expression.Ref;
import dev.millwright.plan.Relation.WindowCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlWindow;
import org.jspecify.annotations.Nullable;

/** Turns {@code f(x) OVER (…)} into window calls, each distinct one once. Windows look back in time only. */
final class WindowTranslator implements CallHandler {
    private static final String FRAME =
            "RANGE BETWEEN INTERVAL '8' DAY PRECEDING AND INTERVAL '1' DAY PRECEDING (or AND CURRENT ROW), or ROWS BETWEEN 5 PRECEDING AND 1 PRECEDING";

    private final Reporter reporter;
    private final Places places;
    private final AggregateTranslator aggregates;
    private final Map<String, SqlWindow> named = new HashMap<>();
    private final List<WindowCall> calls = new ArrayList<>();

    WindowTranslator(SqlNodeList windows, QueryTranslator queries) {
        this.reporter = queries.reporter();
        this.places = queries.places();
        this.aggregates = new AggregateTranslator(reporter, queries.fields());
        for (SqlNode node : windows) {
            SqlWindow window = (SqlWindow) node;
            SqlIdentifier name = window.getDeclName();
            if (name != null && named.put(key(name), window) != null) {
                reporter.report(name, name + ": declared twice (expected: one window of that name)");
            }
        }
    }

    List<WindowCall> calls() {
        return calls;
    }

    @Override
    public Expression aggregate(AggregateSyntax written, Function<SqlNode, Expression> arguments) {
        return reporter.broken(
                written.call(),
                written.name()
                        + ": neither OVER nor GROUP BY (expected: one of them). A view has one row for each row of its table, so write "
                        + written.name() + "(…) OVER (PARTITION BY … ORDER BY … RANGE …).");
    }

    @Override
    public Expression over(SqlCall call, Function<SqlNode, Expression> arguments) {
        Optional<WindowSpec> spec = window(call.operand(1), arguments);
        if (call.operand(1) instanceof SqlWindow window
                && window.getExclude().getValue()
                        != SqlWindow.createExcludeNoOthers(window.getParserPosition())
                                .getValue()) {
            return reporter.broken(
                    window, "EXCLUDE: not supported (expected: a frame that ends with INTERVAL … PRECEDING)");
        }
        if (!(call.operand(0) instanceof SqlCall function)) {
            return reporter.broken(call, "OVER: no function before it (expected: AVG(x) OVER (…))");
        }
        AggregateSyntax written = AggregateSyntax.of(function);
        if (!AggregateSyntax.isName(written.name())) {
            return reporter.broken(
                    function,
                    written.name() + ": no window function."
                            + Words.suggestion(written.name(), AggregateFunction.names()));
        }
        Optional<WindowCall> checked =
                new OverTranslator(reporter, aggregates, written).call(spec, isFramed(call.operand(1)), arguments);
        return checked.isEmpty() ? new Expression.Broken() : new Ref(register(checked.get(), call));
    }

    private Field register(WindowCall call, SqlNode node) {
        for (WindowCall known : calls) {
            if (known.window().equals(call.window())
                    && known.aggregate().function() == call.aggregate().function()
                    && known.aggregate().argument().equals(call.aggregate().argument())) {
                return known.aggregate().field();
            }
        }
        calls.add(call);
        places.put(call.aggregate(), node);
        return call.aggregate().field();
    }

    /** Whether the window, or the one that it names, says which rows it takes. */
    private boolean isFramed(SqlNode node) {
        Optional<SqlWindow> window = node instanceof SqlIdentifier name
                ? Optional.ofNullable(named.get(key(name)))
                : Optional.of((SqlWindow) node);
        return window.filter(framed -> framed.getLowerBound() != null
                        || (framed.getRefName() != null && isFramed(framed.getRefName())))
                .isPresent();
    }

    private Optional<WindowSpec> window(SqlNode node, Function<SqlNode, Expression> arguments) {
        Optional<SqlWindow> window = node instanceof SqlIdentifier name ? find(name) : Optional.of((SqlWindow) node);
        if (window.isEmpty()) {
            return Optional.empty();
        }
        Optional<SqlWindow> base =
                Optional.<SqlIdentifier>ofNullable(window.get().getRefName()).flatMap(this::find);
        List<SqlNode> partition =
                new ArrayList<>(window.get().getPartitionList().getList());
        List<SqlNode> order = new ArrayList<>(window.get().getOrderList().getList());
        base.ifPresent(inherited -> {
            partition.addAll(inherited.getPartitionList().getList());
            order.addAll(inherited.getOrderList().getList());
        });
        SqlWindow framed =
                base.filter(inherited -> window.get().getLowerBound() == null).orElse(window.get());
        List<Expression> keys = partition.stream().map(arguments).toList();
        Optional<Expression> time = order(window.get(), order, arguments);
        Optional<Frame> frame = frame(framed);
        if (time.isEmpty() || frame.isEmpty() || keys.stream().anyMatch(key -> key.type() == ValueType.BROKEN)) {
            return Optional.empty();
        }
        return Optional.of(new WindowSpec(keys, time.get(), frame.get()));
    }

    private Optional<SqlWindow> find(SqlIdentifier name) {
        SqlWindow window = named.get(key(name));
        if (window == null) {
            List<String> known = named.values().stream()
                    .map(declared -> String.valueOf(declared.getDeclName()))
                    .toList();
            reporter.report(
                    name,
                    name + ": unknown window (expected: one that WINDOW declares)."
                            + Words.suggestion(name.toString(), known));
        }
        return Optional.ofNullable(window);
    }

    private static String key(SqlIdentifier name) {
        return name.toString().toLowerCase(Locale.ROOT);
    }

    private Optional<Expression> order(SqlNode window, List<SqlNode> order, Function<SqlNode, Expression> arguments) {
        if (order.size() != 1) {
            reporter.report(
                    window,
                    "window: " + (order.isEmpty() ? "no ORDER BY" : order.size() + " ORDER BY columns")
                            + " (expected: ORDER BY one timestamp). Without it a row would see the future.");
            return Optional.empty();
        }
        SqlNode node = order.getFirst();
        if (node.getKind() == SqlKind.DESCENDING
                || node.getKind() == SqlKind.NULLS_FIRST
                || node.getKind() == SqlKind.NULLS_LAST) {
            reporter.report(
                    node,
                    "'" + reporter.text(node) + "': " + node.getKind().sql
                            + " (expected: ORDER BY a timestamp, ascending)");
            return Optional.empty();
        }
        Expression time = arguments.apply(node);
        if (!Types.fits(time.type(), ValueType.TIMESTAMP)) {
            reporter.report(
                    node,
                    "'" + reporter.text(node) + "': " + time.type().label() + " (expected: ORDER BY a timestamp)");
            return Optional.empty();
        }
        return Optional.of(Types.as(ValueType.TIMESTAMP, time)).filter(checked -> checked.type() != ValueType.BROKEN);
    }

    private Optional<Frame> frame(SqlWindow window) {
        Frame.Unit unit = window.isRows() ? Frame.Unit.ROWS : Frame.Unit.RANGE;
        SqlNode lower = window.getLowerBound();
        SqlNode upper = window.getUpperBound();
        if (lower == null) {
            return Optional.of(new Frame(Frame.Unit.RANGE, OptionalLong.empty(), 0));
        }
        Optional<Long> gap = bound(upper, unit);
        if (SqlWindow.isUnboundedPreceding(lower)) {
            return gap.map(back -> new Frame(unit, OptionalLong.empty(), back));
        }
        Optional<Long> reach = bound(lower, unit);
        if (reach.isEmpty() || gap.isEmpty()) {
            return Optional.empty();
        }
        if (reach.get() < gap.get()) {
            reporter.report(lower, "frame: starts after it ends (expected: " + FRAME + ")");
            return Optional.empty();
        }
        return Optional.of(new Frame(unit, OptionalLong.of(reach.get()), gap.get()));
    }

    /** How far before the current row a bound lies. */
    private Optional<Long> bound(@Nullable SqlNode bound, Frame.Unit unit) {
        if (bound == null || SqlWindow.isCurrentRow(bound)) {
            return Optional.of(0L);
        }
        if (bound.getKind() != SqlKind.PRECEDING || !(bound instanceof SqlCall call)) {
            reporter.report(
                    bound,
                    "frame: '" + reporter.text(bound) + "' (expected: " + FRAME
                            + "). A row can't see what comes after it.");
            return Optional.empty();
        }
        ExpressionTranslator translator = new ExpressionTranslator(
                new Scope(List.of()), java.time.ZoneOffset.UTC, reporter, CallHandler.refusing("a frame", reporter));
        Expression length = translator.translate(call.operand(0));
        ValueType expected = unit == Frame.Unit.RANGE ? ValueType.INTERVAL : ValueType.BIGINT;
        if (length instanceof Literal literal
                && literal.type() == expected
                && literal.value() instanceof Long value
                && value >= 0) {
            return Optional.of(value);
        }
        if (length.type() == ValueType.MONTHS) {
            reporter.report(
                    bound,
                    "frame: '" + reporter.text(bound)
                            + "': not of one length (expected: HOUR, DAY or WEEK). Count it in DAY.");
        } else if (length.type() != ValueType.BROKEN) {
            reporter.report(bound, "frame: '" + reporter.text(bound) + "' (expected: " + FRAME + ")");
        }
        return Optional.empty();
    }
}
