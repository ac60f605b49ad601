package dev.millwright.plan;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every event that a window still reaches, in memory, one list for each key: exact, and as large as the windows are long.
 * A list forgets what lies further back from its own newest event than the window's reach and the lateness that is allowed for.
 */
public final class ExactWindowStore implements WindowStore {
    private final Map<String, WindowShape> shapes;
    private final long latenessMicros;
    private final Map<ListKey, EventList> lists = new ConcurrentHashMap<>();

    private record ListKey(String window, Object key) {}

    /**
     * @param shapes the windows, as {@link OnlineView#windows} gives them
     * @param lateness how far behind a key's newest event another may be observed or evaluated and still be exact
     */
    public ExactWindowStore(List<WindowShape> shapes, Duration lateness) {
        this.shapes = shapes.stream().collect(Collectors.toUnmodifiableMap(WindowShape::name, shape -> shape));
        this.latenessMicros = Math.multiplyExact(lateness.toSeconds(), 1_000_000L);
    }

    @Override
    public void append(String window, Object key, long timestampMicros, @Nullable Object[] values) {
        lists.computeIfAbsent(new ListKey(window, key), absent -> new EventList(shape(window), latenessMicros))
                .append(timestampMicros, values);
    }

    private WindowShape shape(String window) {
        WindowShape shape = shapes.get(window);
        if (shape == null) {
            throw new IllegalArgumentException("window: " + window + " (expected: one of " + shapes.keySet() + ")");
        }
        return shape;
    }

    @Override
    public void visitRange(
            String window, Object key, long fromMicros, long toMicros, Consumer<@Nullable Object[]> visitor) {
        EventList list = lists.get(new ListKey(window, key));
        if (list != null) {
            list.visitRange(fromMicros, toMicros, visitor);
        }
    }

    @Override
    public void visitLast(
            String window, Object key, long toMicros, long skip, long count, Consumer<@Nullable Object[]> visitor) {
        EventList list = lists.get(new ListKey(window, key));
        if (list != null) {
            list.visitLast(toMicros, skip, count, visitor);
        }
    }

    /** Events in the order of time, from {@code start} to {@code end} of the arrays. */
    private static final class EventList {
        private final OptionalLong reachMicros;
        private final OptionalLong reachRows;
        private final long latenessMicros;
        private long[] times = new long[4];
        private @Nullable Object[][] values = new @Nullable Object[4][];
        private int start;
        private int end;

        EventList(WindowShape shape, long latenessMicros) {
            this.reachMicros = shape.reachMicros();
            this.reachRows = shape.reachRows();
            this.latenessMicros = latenessMicros;
        }

        synchronized void append(long time, @Nullable Object[] event) {
            if (end == times.length) {
                makeRoom();
            }
            int at = firstAfter(time);
            System.arraycopy(times, at, times, at + 1, end - at);
            System.arraycopy(values, at, values, at + 1, end - at);
            times[at] = time;
            values[at] = event;
            end++;
            forget();
        }

        /** Moves the events to the front, into larger arrays if they fill more than half. */
        private void makeRoom() {
            int size = end - start;
            int capacity = size > times.length / 2 ? times.length * 2 : times.length;
            times = Arrays.copyOf(Arrays.copyOfRange(times, start, end), capacity);
            values = Arrays.copyOf(Arrays.copyOfRange(values, start, end), capacity);
            start = 0;
            end = size;
        }

        private void forget() {
            long newest = times[end - 1];
            while (start < end && isForgettable(newest)) {
                values[start++] = new @Nullable Object[0];
            }
        }

        /** Whether the oldest event lies outside the reach of every event that may still come. */
        private boolean isForgettable(long newest) {
            long oldest = times[start];
            if (reachMicros.isPresent()) {
                return oldest < newest - reachMicros.getAsLong() - latenessMicros;
            }
            long late = newest - latenessMicros;
            return reachRows.isPresent()
                    && end - start > reachRows.getAsLong()
                    && times[(int) (start + reachRows.getAsLong())] < late;
        }

        synchronized void visitRange(long from, long to, Consumer<@Nullable Object[]> visitor) {
            int last = firstAfter(to);
            for (int i = from == Long.MIN_VALUE ? start : firstAfter(from - 1); i < last; i++) {
                visitor.accept(values[i]);
            }
        }

        synchronized void visitLast(long to, long skip, long count, Consumer<@Nullable Object[]> visitor) {
            long last = firstAfter(to) - skip;
            for (long i = Math.max(start, count > last ? start : last - count); i < last; i++) {
                visitor.accept(values[(int) i]);
            }
        }

        /** The index of the first event after a time; events usually come in order, so the end is tried first. */
        private int firstAfter(long time) {
            if (end == start || times[end - 1] <= time) {
                return end;
            }
            int low = start;
            int high = end;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (times[middle] <= time) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }
}
