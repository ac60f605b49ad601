package dev.millwright.plan;

import dev.millwright.plan.Relation.WindowCall;
import dev.millwright.plan.window.Measure;
import dev.millwright.plan.window.Span;
import dev.millwright.plan.window.WindowColumn;
import dev.millwright.plan.window.WindowShape;
import dev.millwright.plan.window.WindowStore;
import dev.millwright.plan.window.WindowSummary;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The window functions that share partition, order and unit, and so one list of events. Thread-safe. */
final class OnlineWindow {
    private final List<Computation> partition;
    private final Computation order;
    private final Frame.Unit unit;
    private final List<Computation> values = new ArrayList<>();
    private final List<FrameTargets> frames;
    private final WindowShape shape;

    /** @param column the position of the argument in the events' values, -1 for COUNT(*) */
    private record Target(AggregateCall call, int column) {}

    private record FrameTargets(Frame frame, List<Target> targets) {}

    OnlineWindow(String name, List<WindowCall> calls, ExpressionCompiler compiler) {
        WindowSpec first = calls.getFirst().window();
        this.partition = compiler.compile(first.partition());
        this.order = compiler.compile(first.order());
        this.unit = first.frame().unit();
        Set<Expression> distinct = new LinkedHashSet<>();
        calls.forEach(call -> call.aggregate().argument().ifPresent(distinct::add));
        List<Expression> arguments = List.copyOf(distinct);
        arguments.forEach(argument -> values.add(compiler.compile(argument)));
        Map<Frame, List<Target>> byFrame = new LinkedHashMap<>();
        for (WindowCall call : calls) {
            int column = call.aggregate().argument().map(arguments::indexOf).orElse(-1);
            byFrame.computeIfAbsent(call.window().frame(), absent -> new ArrayList<>())
                    .add(new Target(call.aggregate(), column));
        }
        this.frames = byFrame.entrySet().stream()
                .map(entry -> new FrameTargets(entry.getKey(), List.copyOf(entry.getValue())))
                .toList();
        this.shape = shape(
                name,
                arguments.stream().map(argument -> column(argument, calls)).toList());
    }

    private static WindowColumn column(Expression argument, List<WindowCall> calls) {
        Set<Measure> measures = EnumSet.noneOf(Measure.class);
        for (WindowCall call : calls) {
            if (call.aggregate().argument().filter(argument::equals).isPresent()) {
                switch (call.aggregate().function()) {
                    case COUNT -> {} // which of the values are NULL is known of every column
                    case SUM, AVG -> measures.add(Measure.SUM);
                    case MIN, MAX -> measures.add(Measure.EXTREMES);
                    case VAR_SAMP, VAR_POP, STDDEV_SAMP, STDDEV_POP -> measures.add(Measure.DEVIATIONS);
                    case FIRST_VALUE, LAST_VALUE -> measures.add(Measure.EDGES);
                    case COUNT_DISTINCT -> throw distinct();
                }
            }
        }
        return new WindowColumn(argument.type().column(), measures);
    }

    private WindowShape shape(String name, List<WindowColumn> columns) {
        boolean reachesAll =
                frames.stream().anyMatch(targets -> targets.frame().reach().isEmpty());
        OptionalLong reach = reachesAll
                ? OptionalLong.empty()
                : frames.stream()
                        .mapToLong(targets -> targets.frame().reach().orElseThrow())
                        .max();
        return unit == Frame.Unit.RANGE
                ? new WindowShape(name, columns, reach, OptionalLong.empty())
                : new WindowShape(name, columns, OptionalLong.empty(), reach);
    }

    /** What is remembered of each event, and how far back the longest of the frames reaches. */
    WindowShape shape() {
        return shape;
    }

    void observe(@Nullable Object[] row, WindowStore store) {
        if (order.of(row) instanceof Long micros) {
            store.append(shape.name(), LookupIndex.key(partition, row), micros, event(row));
        }
    }

    private @Nullable Object[] event(@Nullable Object[] row) {
        @Nullable Object[] event = new @Nullable Object[values.size()];
        for (int i = 0; i < event.length; i++) {
            event[i] = values.get(i).of(row);
        }
        return event;
    }

    /** The time by which the window orders a row, or {@link OnlineState#NO_TIME}. */
    long time(@Nullable Object[] row) {
        return order.of(row) instanceof Long micros ? micros : OnlineState.NO_TIME;
    }

    void evaluate(@Nullable Object[] row, WindowStore store, OnlineState.Arrival arrival) {
        List<WindowSummary> summaries = order.of(row) instanceof Long micros
                ? summarise(row, micros, store, arrival)
                : frames.stream()
                        .map(frame -> WindowSummary.empty(shape.columns()))
                        .toList();
        for (int i = 0; i < summaries.size(); i++) {
            for (Target target : frames.get(i).targets()) {
                row[target.call().field().id()] = result(target, summaries.get(i));
            }
        }
    }

    private List<WindowSummary> summarise(
            @Nullable Object[] row, long micros, WindowStore store, OnlineState.Arrival arrival) {
        List<Span> spans = new ArrayList<>(frames.size());
        for (FrameTargets targets : frames) {
            spans.add(span(targets.frame(), micros, arrival));
        }
        List<WindowSummary> summaries = store.summarise(shape.name(), LookupIndex.key(partition, row), spans);
        @Nullable Object[] event = event(row);
        for (int i = 0; i < summaries.size(); i++) {
            if (arrival == OnlineState.Arrival.FIRST && frames.get(i).frame().includesCurrentRow()) {
                summaries.get(i).add(event);
            }
        }
        return summaries;
    }

    private Span span(Frame frame, long micros, OnlineState.Arrival arrival) {
        if (unit == Frame.Unit.RANGE) {
            return Span.OfTime.before(micros, frame.reach(), frame.gap());
        }
        return switch (arrival) {
            case FIRST -> Span.OfRows.before(micros, frame.reach(), frame.gap());
            case AGAIN -> Span.OfRows.upTo(micros, frame.reach(), frame.gap());
        };
    }

    private static @Nullable Object result(Target target, WindowSummary summary) {
        int column = target.column();
        if (target.call().function() == AggregateFunction.COUNT) {
            return column < 0 ? summary.events() : summary.count(column);
        }
        long count = summary.count(column);
        return switch (target.call().function()) {
            case COUNT -> count;
            case SUM -> count == 0 ? null : sum(target.call(), column, summary);
            case AVG -> count == 0 ? null : Scalars.finite(summary.realSum(column) / count);
            case MIN -> summary.least(column);
            case MAX -> summary.greatest(column);
            case FIRST_VALUE -> summary.first(column);
            case LAST_VALUE -> summary.last(column);
            case VAR_SAMP, VAR_POP, STDDEV_SAMP, STDDEV_POP -> {
                AggregateFunction spread = target.call().function();
                long freedom = spread.freedom(count);
                yield freedom < 1 ? null : Scalars.finite(spread.spread(summary.deviations(column), freedom));
            }
            case COUNT_DISTINCT -> throw distinct();
        };
    }

    private static IllegalArgumentException distinct() {
        return new IllegalArgumentException("COUNT(DISTINCT …): in a window (expected: over a group)");
    }

    private static @Nullable Object sum(AggregateCall call, int column, WindowSummary summary) {
        return call.field().type() == ValueType.BIGINT
                ? Accumulator.whole(summary.wholeSum(column))
                : Scalars.finite(summary.realSum(column));
    }
}
