package dev.millwright.plan;

import dev.millwright.plan.RowBlock.Doubles;
import dev.millwright.plan.RowBlock.Longs;
import dev.millwright.plan.RowBlock.Texts;
import dev.millwright.plan.Slider.DoubleSum;
import dev.millwright.plan.Slider.Edge;
import dev.millwright.plan.Slider.Extreme;
import dev.millwright.plan.Slider.Moments;
import dev.millwright.plan.Slider.Present;
import dev.millwright.plan.Slider.WholeSum;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows that functions with one frame see, as it moves through a partition. For one thread. */
final class SlidingFrame {
    private final Frame frame;
    private final Ring ring;
    private final List<Slider> sliders = new ArrayList<>();
    private final List<Output> outputs = new ArrayList<>();
    private long from;
    private long to;

    /** Writes a result. */
    private interface Output {
        void write(RowBlock block, int row);
    }

    /** What a slider is shared by: the functions that keep the same things of the same argument. */
    private record Kept(Class<?> kind, int argument, int sign) {}

    private SlidingFrame(Frame frame, Ring ring) {
        this.frame = frame;
        this.ring = ring;
    }

    /**
     * Prepares the functions of one frame.
     *
     * @param positions of the functions that have this frame
     */
    static SlidingFrame of(Frame frame, List<Integer> positions, List<WindowFunction> functions, Ring ring) {
        SlidingFrame sliding = new SlidingFrame(frame, ring);
        Map<Kept, Slider> known = new HashMap<>();
        for (int position : positions) {
            int fromTheEnd = functions.size() - position;
            sliding.outputs.add(sliding.output(functions.get(position), fromTheEnd, known));
        }
        return sliding;
    }

    private Output output(WindowFunction function, int fromTheEnd, Map<Kept, Slider> known) {
        int argument = function.argument();
        return switch (function.function()) {
            case COUNT -> {
                if (argument < 0) {
                    yield (block, row) -> putWhole(block, fromTheEnd, row, to - from);
                }
                Present present = slider(known, new Kept(Present.class, argument, 0), _ -> new Present(ring, argument));
                yield (block, row) -> putWhole(block, fromTheEnd, row, present.count());
            }
            case SUM -> {
                if (function.field().type() == ValueType.BIGINT) {
                    WholeSum sum =
                            slider(known, new Kept(WholeSum.class, argument, 0), _ -> new WholeSum(ring, argument));
                    yield (block, row) -> {
                        if (sum.count() == 0 || !sum.fits()) {
                            putMissing(block, fromTheEnd, row);
                        } else {
                            putWhole(block, fromTheEnd, row, sum.total());
                        }
                    };
                }
                DoubleSum sum = doubleSum(known, argument);
                yield (block, row) -> putReal(block, fromTheEnd, row, sum.count(), sum.total());
            }
            case AVG -> {
                DoubleSum sum = doubleSum(known, argument);
                yield (block, row) -> putReal(block, fromTheEnd, row, sum.count(), sum.total() / sum.count());
            }
            case MIN -> extreme(function, fromTheEnd, known, -1);
            case MAX -> extreme(function, fromTheEnd, known, 1);
            case VAR_SAMP, VAR_POP, STDDEV_SAMP, STDDEV_POP -> spread(function, fromTheEnd, known);
            case FIRST_VALUE, LAST_VALUE -> {
                boolean first = function.function() == AggregateFunction.FIRST_VALUE;
                Kept kept = new Kept(Edge.class, argument, first ? -1 : 1);
                Edge edge = slider(known, kept, _ -> new Edge(ring, argument, first));
                yield (block, row) -> put(block, fromTheEnd, row, edge.value());
            }
            case COUNT_DISTINCT ->
                throw new IllegalArgumentException(function.function() + ": in a window (expected: over a group)");
        };
    }

    private Output spread(WindowFunction function, int fromTheEnd, Map<Kept, Slider> known) {
        int argument = function.argument();
        Moments moments = slider(known, new Kept(Moments.class, argument, 0), _ -> new Moments(ring, argument));
        AggregateFunction spread = function.function();
        return (block, row) -> {
            Deviations all = moments.all();
            long freedom = spread.freedom(all.count());
            putReal(block, fromTheEnd, row, freedom, spread.spread(all.squares(), freedom));
        };
    }

    private DoubleSum doubleSum(Map<Kept, Slider> known, int argument) {
        return slider(known, new Kept(DoubleSum.class, argument, 0), _ -> new DoubleSum(ring, argument));
    }

    private Output extreme(WindowFunction function, int fromTheEnd, Map<Kept, Slider> known, int sign) {
        Extreme extreme = slider(
                known,
                new Kept(Extreme.class, function.argument(), sign),
                _ -> new Extreme(ring, function.argument(), sign, frame.reach().isEmpty()));
        return (block, row) -> put(block, fromTheEnd, row, extreme.value());
    }

    @SuppressWarnings("unchecked") // a key holds the class of its slider
    private <S extends Slider> S slider(Map<Kept, Slider> known, Kept kept, Function<Kept, S> make) {
        Slider slider = known.get(kept);
        if (slider == null) {
            slider = make.apply(kept);
            known.put(kept, slider);
            sliders.add(slider);
        }
        return (S) slider;
    }

    void clear() {
        from = 0;
        to = 0;
        sliders.forEach(Slider::clear);
    }

    /** The first row that this frame will still read. */
    long needed() {
        return frame.reach().isEmpty() ? to : from;
    }

    /** Takes the place that the frame has for a row. */
    void moveTo(long number) {
        switch (frame.unit()) {
            case RANGE -> moveToTime(ring.time(number));
            case ROWS -> {
                to = Math.max(to, number + 1 - frame.gap());
                frame.reach().ifPresent(rows -> from = Math.max(from, Math.min(to, number - rows)));
            }
        }
        for (Slider slider : sliders) {
            slider.slide(from, to);
        }
    }

    private void moveToTime(long time) {
        long latest = back(time, frame.gap());
        while (to < ring.end() && ring.time(to) <= latest) {
            to++;
        }
        if (frame.reach().isPresent()) {
            long earliest = back(time, frame.reach().getAsLong());
            while (from < to && ring.time(from) < earliest) {
                from++;
            }
        }
    }

    private static long back(long time, long length) {
        long moved = time - length;
        return moved > time ? Long.MIN_VALUE : moved;
    }

    void write(RowBlock block, int row) {
        for (Output output : outputs) {
            output.write(block, row);
        }
    }

    private static void put(RowBlock block, int fromTheEnd, int row, @Nullable Object value) {
        switch (block.column(block.width() - fromTheEnd)) {
            case Longs longs when value instanceof Long number -> longs.values()[row] = number;
            case Doubles doubles when value instanceof Double number -> doubles.values()[row] = number;
            case Texts texts when value instanceof String text -> texts.values()[row] = text;
            case RowBlock.Values column -> column.missing()[row] = true;
        }
    }

    private static void putWhole(RowBlock block, int fromTheEnd, int row, long value) {
        ((Longs) block.column(block.width() - fromTheEnd)).values()[row] = value;
    }

    /** @param values what the result is made of; without any it is missing */
    private static void putReal(RowBlock block, int fromTheEnd, int row, long values, double value) {
        Doubles column = (Doubles) block.column(block.width() - fromTheEnd);
        if (values > 0 && Double.isFinite(value)) {
            column.values()[row] = value;
        } else {
            column.missing()[row] = true;
        }
    }

    private static void putMissing(RowBlock block, int fromTheEnd, int row) {
        block.column(block.width() - fromTheEnd).missing()[row] = true;
    }
}
