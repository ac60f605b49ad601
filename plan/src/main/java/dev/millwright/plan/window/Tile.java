package dev.millwright.plan.window;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Up to 64 events in the order of time, by column: times, numbers (doubles as their bits), for each column a bit an event that says
 * whether there is a value, and texts. Not thread-safe.
 */
final class Tile {
    /** As many events as a mask has bits. */
    static final int CAPACITY = Long.SIZE;

    private static final int SMALLEST = 4;
    private static final int LARGEST_GROWTH = 16;
    /** The slot of the times, before those of numbers. */
    private static final int TIMES = -1;

    private static final @Nullable String[] NO_TEXTS = {};

    private final SummaryLayout layout;
    private int size;
    private int capacity;
    /** A mask for each column, times, and the numbers of each column: so an event at the end touches few lines of the cache. */
    private long[] longs;

    private @Nullable String[] texts;

    Tile(SummaryLayout layout) {
        this(layout, SMALLEST);
    }

    private Tile(SummaryLayout layout, int capacity) {
        this.layout = layout;
        this.capacity = capacity;
        this.longs = new long[layout.columns() + (1 + layout.numbers()) * capacity];
        this.texts = layout.texts() == 0 ? NO_TEXTS : new @Nullable String[layout.texts() * capacity];
    }

    int size() {
        return size;
    }

    boolean isFull() {
        return size == CAPACITY;
    }

    /** Whether the next event makes it larger. */
    boolean isTight() {
        return size == capacity;
    }

    long time(int index) {
        return longs[layout.columns() + index];
    }

    long lastTime() {
        return longs[layout.columns() + size - 1];
    }

    long[] longs() {
        return longs;
    }

    /** Where in {@link #longs} the numbers of a column begin; those of slot -1 the times. */
    int firstNumber(int slot) {
        return layout.columns() + (1 + slot) * capacity;
    }

    /** A bit for each event that has a value in the column. */
    long present(int column) {
        return longs[column];
    }

    @Nullable
    String text(int slot, int index) {
        return texts[slot * capacity + index];
    }

    /** The index of the first event at {@code time} or later, {@link #size} when there is none. */
    int firstAt(long time) {
        int times = firstNumber(TIMES);
        int found = Arrays.binarySearch(longs, times, times + size, time);
        if (found < 0) {
            return -found - 1 - times;
        }
        while (found > times && longs[found - 1] == time) {
            found--;
        }
        return found - times;
    }

    /** The index of the first event after {@code time}, {@link #size} when there is none. */
    int firstAfter(long time) {
        return size == 0 || lastTime() <= time ? size : firstAt(time + 1);
    }

    /** Puts an event in, after those of the same time; the tile must not be full. */
    void insert(long time, @Nullable Object[] values) {
        if (isTight()) {
            become(part(Math.min(CAPACITY, capacity + Math.min(capacity, LARGEST_GROWTH)), 0, size));
        }
        int at = firstAfter(time);
        putNumber(TIMES, at, time);
        long below = (1L << at) - 1;
        for (int column = 0; column < layout.columns(); column++) {
            long bit = values[column] == null ? 0 : 1L << at;
            longs[column] = (longs[column] & below) | ((longs[column] & ~below) << 1) | bit;
            put(column, at, values[column]);
        }
        size++;
    }

    private void put(int column, int at, @Nullable Object value) {
        int number = layout.numberSlot(column);
        if (number >= 0) {
            putNumber(number, at, bits(value));
        }
        int text = layout.textSlot(column);
        if (text >= 0) {
            int start = text * capacity;
            System.arraycopy(texts, start + at, texts, start + at + 1, size - at);
            texts[start + at] = (String) value;
        }
    }

    private void putNumber(int slot, int at, long value) {
        int place = firstNumber(slot) + at;
        if (at < size) {
            System.arraycopy(longs, place, longs, place + 1, size - at);
        }
        longs[place] = value;
    }

    private static long bits(@Nullable Object value) {
        return switch (value) {
            case null -> 0;
            case Long number -> number;
            case Double number -> Double.doubleToRawLongBits(number);
            case Boolean bool -> bool ? 1 : 0;
            default ->
                throw new IllegalArgumentException("value: " + value.getClass() + " (expected: what a row holds)");
        };
    }

    /** Forgets the first events. */
    void dropFirst(int count) {
        become(part(capacity, count, size));
    }

    /** Leaves the first half of the events, and gives the others. */
    Tile split() {
        Tile later = part(CAPACITY, size / 2, size);
        become(part(CAPACITY, 0, size / 2));
        return later;
    }

    private void become(Tile other) {
        longs = other.longs;
        texts = other.texts;
        capacity = other.capacity;
        size = other.size;
    }

    /** The events {@code from} inclusive to {@code to} exclusive, with room for {@code room}. */
    private Tile part(int room, int from, int to) {
        Tile part = new Tile(layout, room);
        part.size = to - from;
        for (int slot = TIMES; slot < layout.numbers(); slot++) {
            System.arraycopy(longs, firstNumber(slot) + from, part.longs, part.firstNumber(slot), part.size);
        }
        for (int column = 0; column < layout.columns() && from < to; column++) {
            part.longs[column] = (present(column) >>> from) & (-1L >>> (Long.SIZE - part.size));
        }
        for (int slot = 0; slot < layout.texts(); slot++) {
            System.arraycopy(texts, slot * capacity + from, part.texts, slot * room, part.size);
        }
        return part;
    }
}
