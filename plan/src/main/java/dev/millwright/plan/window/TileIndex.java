package dev.millwright.plan.window;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the tiles of one key come to: a summary of each, of each 16 of them, of each 16 of those, and so on. Tiles are numbered from 0;
 * groups begin at multiples of their size, and only whole ones are summarised. Not thread-safe.
 */
final class TileIndex {
    private static final int GROUP = 16;
    private static final int FIRST_ROOM = 4;

    private final SummaryLayout layout;
    private final List<SummaryTable> levels = new ArrayList<>();

    TileIndex(SummaryLayout layout) {
        this.layout = layout;
        levels.add(new SummaryTable(layout, FIRST_ROOM));
    }

    /** Takes in the first {@code count} tiles, as far as that wasn't done. */
    void extend(@Nullable Tile[] tiles, int count) {
        SummaryTable single = levels.getFirst();
        while (single.rows() < count) {
            Tile tile = Objects.requireNonNull(tiles[single.rows()]);
            single.add(single.append(), tile, 0, tile.size());
        }
        for (int level = 0; levels.get(level).rows() >= GROUP; level++) {
            if (level + 1 == levels.size()) {
                levels.add(new SummaryTable(layout, FIRST_ROOM));
            }
            SummaryTable lower = levels.get(level);
            SummaryTable groups = levels.get(level + 1);
            while (groups.rows() < lower.rows() / GROUP) {
                summarise(lower, groups, groups.append());
            }
        }
    }

    private static void summarise(SummaryTable lower, SummaryTable groups, int group) {
        for (int i = group * GROUP; i < (group + 1) * GROUP; i++) {
            groups.merge(group, lower, i);
        }
    }

    /** A tile has other events than before. */
    void change(int number, Tile tile) {
        SummaryTable single = levels.getFirst();
        single.clear(number);
        single.add(number, tile, 0, tile.size());
        int row = number / GROUP;
        for (int level = 1; level < levels.size() && row < levels.get(level).rows(); level++) {
            levels.get(level).clear(row);
            summarise(levels.get(level - 1), levels.get(level), row);
            row /= GROUP;
        }
    }

    /** A tile was put before the one that has the number; later ones have a higher number now. */
    void insert(int number, Tile tile) {
        SummaryTable single = levels.getFirst();
        single.add(single.insert(number), tile, 0, tile.size());
        int row = number / GROUP;
        for (SummaryTable groups : levels.subList(1, levels.size())) {
            groups.truncate(row);
            row /= GROUP;
        }
    }

    /** The first tiles are gone; the others have lower numbers now. */
    void dropFirst(int count) {
        levels.getFirst().dropFirst(count);
        levels.subList(1, levels.size()).forEach(groups -> groups.truncate(0));
    }

    /** Adds what the tiles {@code from} inclusive to {@code to} exclusive come to; they were all taken in. */
    void addTo(WindowSummary summary, int from, int to) {
        int at = from;
        while (at < to) {
            int level = 0;
            int length = 1;
            while (isWhole(level + 1, at, length * GROUP) && at + length * GROUP <= to) {
                level++;
                length *= GROUP;
            }
            summary.merge(levels.get(level), at / length);
            at += length;
        }
    }

    private boolean isWhole(int level, int first, int length) {
        return level < levels.size()
                && first % length == 0
                && first / length < levels.get(level).rows();
    }

    /**
     * The first tile of the longest row of tiles before {@code end}, from {@code first} on, that have no more events together than
     * {@code events}.
     */
    int back(int first, int end, long events) {
        long left = events;
        int at = end;
        while (at > first) {
            int level = 0;
            int length = 1;
            while (fits(level + 1, at - length * GROUP, length * GROUP, first, left)) {
                level++;
                length *= GROUP;
            }
            long held = events(level, (at - length) / length);
            if (held > left) {
                break;
            }
            left -= held;
            at -= length;
        }
        return at;
    }

    private boolean fits(int level, int start, int length, int first, long left) {
        return start >= first && isWhole(level, start, length) && events(level, start / length) <= left;
    }

    private long events(int level, int row) {
        return levels.get(level).cell(row, SummaryLayout.EVENTS);
    }

    /** How many events the tiles {@code from} inclusive to {@code to} exclusive have. */
    long eventsOf(int from, int to) {
        WindowSummary summary = new WindowSummary(layout);
        addTo(summary, from, to);
        return summary.events();
    }
}
