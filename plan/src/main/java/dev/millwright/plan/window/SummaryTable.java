package dev.millwright.plan.window;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Summaries side by side, numbered from 0. Not thread-safe. */
final class SummaryTable {
    private final SummaryLayout layout;
    private long[] cells;
    private @Nullable String[] texts;
    private int rows;

    SummaryTable(SummaryLayout layout, int capacity) {
        this.layout = layout;
        this.cells = new long[capacity * layout.cells()];
        this.texts = new @Nullable String[capacity * layout.texts() * SummaryLayout.TEXTS];
    }

    int rows() {
        return rows;
    }

    /** Puts a summary of nothing at the end, and gives its number. */
    int append() {
        return insert(rows);
    }

    /** Puts a summary of nothing before the one that has the number {@code row}. */
    int insert(int row) {
        int width = layout.cells();
        int textWidth = layout.texts() * SummaryLayout.TEXTS;
        if ((rows + 1) * width > cells.length) {
            int capacity = rows + (rows >> 1) + 1;
            cells = Arrays.copyOf(cells, capacity * width);
            texts = Arrays.copyOf(texts, capacity * textWidth);
        }
        System.arraycopy(cells, row * width, cells, (row + 1) * width, (rows - row) * width);
        System.arraycopy(texts, row * textWidth, texts, (row + 1) * textWidth, (rows - row) * textWidth);
        rows++;
        clear(row);
        return row;
    }

    /** Leaves the first ones. */
    void truncate(int count) {
        rows = Math.min(rows, count);
    }

    /** Forgets the first ones; the others move up. */
    void dropFirst(int count) {
        int kept = rows - count;
        cells = Arrays.copyOfRange(cells, count * layout.cells(), rows * layout.cells());
        texts = Arrays.copyOfRange(
                texts, count * layout.texts() * SummaryLayout.TEXTS, rows * layout.texts() * SummaryLayout.TEXTS);
        rows = kept;
    }

    void clear(int row) {
        int start = row * layout.cells();
        cells[start + SummaryLayout.EVENTS] = 0;
        for (int column = 0; column < layout.columns(); column++) {
            for (SummaryLayout.Place place : layout.places(column)) {
                place.part().clear(cells, start + place.cell());
            }
        }
        Arrays.fill(
                texts,
                row * layout.texts() * SummaryLayout.TEXTS,
                (row + 1) * layout.texts() * SummaryLayout.TEXTS,
                null);
    }

    /** Adds events of a tile, {@code from} inclusive to {@code to} exclusive. */
    void add(int row, Tile tile, int from, int to) {
        if (from >= to) {
            return;
        }
        int start = row * layout.cells();
        cells[start + SummaryLayout.EVENTS] += to - from;
        long wanted = (-1L >>> (Long.SIZE - to)) & (-1L << from);
        for (int column = 0; column < layout.columns(); column++) {
            long present = tile.present(column) & wanted;
            int values = tile.firstNumber(layout.numberSlot(column));
            for (SummaryLayout.Place place : layout.places(column)) {
                place.part().add(cells, start + place.cell(), tile.longs(), values, present);
            }
            int slot = layout.textSlot(column);
            for (long rest = slot < 0 ? 0 : present; rest != 0; rest &= rest - 1) {
                String text = tile.text(slot, Long.numberOfTrailingZeros(rest));
                widen(row, slot, text, text);
                append(row, slot, text, text);
            }
        }
    }

    /** Adds a summary of later events. */
    void merge(int row, SummaryTable from, int other) {
        int start = row * layout.cells();
        int first = other * layout.cells();
        cells[start + SummaryLayout.EVENTS] += from.cells[first + SummaryLayout.EVENTS];
        for (int column = 0; column < layout.columns(); column++) {
            for (SummaryLayout.Place place : layout.places(column)) {
                place.part().merge(cells, start + place.cell(), from.cells, first + place.cell());
            }
        }
        for (int slot = 0; slot < layout.texts(); slot++) {
            widen(row, slot, from.text(other, slot, 0), from.text(other, slot, 1));
            append(row, slot, from.text(other, slot, 2), from.text(other, slot, 3));
        }
    }

    private void widen(int row, int slot, @Nullable String least, @Nullable String greatest) {
        int at = (row * layout.texts() + slot) * SummaryLayout.TEXTS;
        String low = texts[at];
        String high = texts[at + 1];
        if (least != null && (low == null || compare(least, low) < 0)) {
            texts[at] = least;
        }
        if (greatest != null && (high == null || compare(greatest, high) > 0)) {
            texts[at + 1] = greatest;
        }
    }

    private void append(int row, int slot, @Nullable String first, @Nullable String last) {
        int at = (row * layout.texts() + slot) * SummaryLayout.TEXTS;
        texts[at + 2] = texts[at + 2] == null ? first : texts[at + 2];
        texts[at + 3] = last == null ? texts[at + 3] : last;
    }

    /** By code point: surrogates come after all other characters. */
    private static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char left = a.charAt(i);
            char right = b.charAt(i);
            if (left != right) {
                boolean both = Character.isSurrogate(left) == Character.isSurrogate(right);
                return both ? left - right : Character.isSurrogate(left) ? 1 : -1;
            }
        }
        return a.length() - b.length();
    }

    long cell(int row, int cell) {
        return cells[row * layout.cells() + cell];
    }

    double real(int row, int cell) {
        return SummaryPart.real(cells, row * layout.cells() + cell);
    }

    /** @param which 0 for the least, 1 for the greatest, 2 for the first, 3 for the last */
    @Nullable
    String text(int row, int slot, int which) {
        return texts[(row * layout.texts() + slot) * SummaryLayout.TEXTS + which];
    }
}
