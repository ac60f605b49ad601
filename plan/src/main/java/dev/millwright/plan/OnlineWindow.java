package dev.millwright.plan;

import dev.millwright.plan.Relation.WindowCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The window functions that share partition, order and unit, and so one list of events. Thread-safe. */
final class OnlineWindow {
    private final String name;
    private final List<Computation> partition;
    private final Computation order;
    private final Frame.Unit unit;
    private final List<Computation> values = new ArrayList<>();
    private final Map<Frame, List<Target>> frames = new LinkedHashMap<>();

    /** @param value the position of the argument in the events' values, -1 for COUNT(*) */
    private record Target(AggregateCall call, int value) {
        @Nullable
        Object of(@Nullable Object[] event) {
            return value < 0 ? (Object) true : event[value];
        }
    }

    OnlineWindow(String name, List<WindowCall> calls, ExpressionCompiler compiler) {
        WindowSpec first = calls.getFirst().window();
        this.name = name;
        this.partition = compiler.compile(first.partition());
        this.order = compiler.compile(first.order());
        this.unit = first.frame().unit();
        Set<Expression> distinct = new LinkedHashSet<>();
        calls.forEach(call -> call.aggregate().argument().ifPresent(distinct::add));
        List<Expression> arguments = List.copyOf(distinct);
        arguments.forEach(argument -> values.add(compiler.compile(argument)));
        for (WindowCall call : calls) {
            int value = call.aggregate().argument().map(arguments::indexOf).orElse(-1);
            frames.computeIfAbsent(call.window().frame(), absent -> new ArrayList<>())
                    .add(new Target(call.aggregate(), value));
        }
    }

    /** How far back the longest of the frames reaches. */
    WindowShape shape() {
        OptionalLong reach =
                frames.keySet().stream().anyMatch(frame -> frame.reach().isEmpty())
                        ? OptionalLong.empty()
                        : frames.keySet().stream()
                                .mapToLong(frame -> frame.reach().orElseThrow())
                                .max();
        return unit == Frame.Unit.RANGE
                ? new WindowShape(name, reach, OptionalLong.empty())
                : new WindowShape(name, OptionalLong.empty(), reach);
    }

    void observe(@Nullable Object[] row, WindowStore store) {
        if (order.of(row) instanceof Long micros) {
            store.append(name, LookupIndex.key(partition, row), micros, event(row));
        }
    }

    private @Nullable Object[] event(@Nullable Object[] row) {
        return values.stream().map(value -> value.of(row)).toArray();
    }

    void evaluate(@Nullable Object[] row, WindowStore store) {
        Object time = order.of(row);
        Object key = LookupIndex.key(partition, row);
        frames.forEach((frame, targets) -> {
            List<Accumulator> accumulators = targets.stream()
                    .map(target -> Accumulator.of(target.call()))
                    .toList();
            if (time instanceof Long micros) {
                visit(frame, key, micros, store, event -> add(targets, accumulators, event));
                if (frame.includesCurrentRow()) {
                    add(targets, accumulators, event(row));
                }
            }
            for (int i = 0; i < targets.size(); i++) {
                row[targets.get(i).call().field().id()] = accumulators.get(i).result();
            }
        });
    }

    private static void add(List<Target> targets, List<Accumulator> accumulators, @Nullable Object[] event) {
        for (int i = 0; i < targets.size(); i++) {
            accumulators.get(i).add(targets.get(i).of(event));
        }
    }

    private void visit(
            Frame frame,
            Object key,
            long micros,
            WindowStore store,
            java.util.function.Consumer<@Nullable Object[]> visitor) {
        if (unit == Frame.Unit.RANGE) {
            long from = frame.reach().isPresent() ? micros - frame.reach().getAsLong() : Long.MIN_VALUE;
            store.visitRange(name, key, from, micros - frame.gap(), visitor);
            return;
        }
        long skip = Math.max(0, frame.gap() - 1);
        long count = frame.reach().isPresent() ? frame.reach().getAsLong() - skip : Long.MAX_VALUE;
        store.visitLast(name, key, micros, skip, count, visitor);
    }
}
