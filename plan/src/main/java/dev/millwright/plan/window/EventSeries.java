package dev.millwright.plan.window;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The events of one key in one window, in the order of time. To add one at the end costs the same however many there are; a late one
 * costs what its tile does, and now and then, when that tile is cut in two, what the index of later ones does. Thread-safe.
 */
final class EventSeries {
    /** A tile's forgotten events are dropped, to make room, when they are at least this part of it. */
    private static final int WORTH_DROPPING = 4;

    private final WindowRules rules;
    /** From {@code first} inclusive to {@code end} exclusive; all but the last are in the index, which is made with the second. */
    private @Nullable Tile[] tiles = new @Nullable Tile[1];

    private int first;
    private int end;
    /** How many events of the first tile are forgotten. */
    private int skipped;

    private @Nullable TileIndex index;
    private boolean closed;

    /** The place before an event: {@code offset} in the tile of that number; after the last one it is the last tile's size. */
    private record Place(int tile, int offset) {}

    EventSeries(WindowRules rules) {
        this.rules = rules;
    }

    /**
     * Puts an event where its time belongs, unless nothing can reach it any more.
     *
     * @param newest the time of the newest event of any key
     * @return false when the series was closed
     */
    synchronized boolean append(long time, @Nullable Object[] values, long newest) {
        if (closed) {
            return false;
        }
        if (first == end) {
            tiles[end++] = new Tile(rules.layout());
        }
        int number = holding(time);
        if (tile(number).isTight()) {
            forget(Math.min(newest, Math.max(time, tile(end - 1).lastTime())));
            number = withRoom(time);
        }
        Tile tile = tile(number);
        if (number > first || tile.firstAfter(time) >= skipped) {
            tile.insert(time, values);
            changed(number);
        }
        return true;
    }

    /** The last tile that begins no later, or the first. */
    private int holding(long time) {
        int low = first;
        int high = end - 1;
        while (low < high) {
            int middle = high - (high - low) / 2;
            if (tile(middle).time(0) <= time) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The number of the tile that an event belongs to, once that has room for it. */
    private int withRoom(long time) {
        int number = holding(time);
        if (number == first && skipped * WORTH_DROPPING >= tile(number).size()) {
            tile(number).dropFirst(skipped);
            skipped = 0;
            changed(number);
        }
        if (!tile(number).isFull()) {
            return number;
        }
        makeRoom();
        number = holding(time);
        boolean atEnd = number == end - 1 && time >= tile(number).lastTime();
        put(number + 1, atEnd ? new Tile(rules.layout()) : tile(number).split());
        return atEnd || tile(number + 1).time(0) <= time ? number + 1 : number;
    }

    /** Finds room for one tile more. */
    private void makeRoom() {
        if (end < tiles.length) {
            return;
        }
        if (first <= tiles.length / 2) {
            tiles = Arrays.copyOf(tiles, end + (end >> 1) + 1);
            return;
        }
        System.arraycopy(tiles, first, tiles, 0, end - first);
        Arrays.fill(tiles, end - first, end, null);
        index().dropFirst(first);
        end -= first;
        first = 0;
    }

    private void put(int number, Tile tile) {
        System.arraycopy(tiles, number, tiles, number + 1, end - number);
        tiles[number] = tile;
        end++;
        if (number < end - 1) {
            changed(number - 1);
            index().insert(number, tile);
        }
        index().extend(tiles, end - 1);
    }

    private void changed(int number) {
        if (number < end - 1) {
            index().change(number, tile(number));
        }
    }

    private TileIndex index() {
        if (index == null) {
            index = new TileIndex(rules.layout());
        }
        return index;
    }

    private Tile tile(int number) {
        Tile tile = tiles[number];
        if (tile == null) {
            throw new IllegalStateException("tile " + number + " of " + first + " to " + end + " is gone");
        }
        return tile;
    }

    private void forget(long newest) {
        long exactFrom = Span.earlier(newest, rules.latenessMicros());
        OptionalLong micros = rules.shape().reachMicros();
        OptionalLong rows = rules.shape().reachRows();
        if (micros.isPresent()) {
            forgetBefore(at(Span.earlier(exactFrom, micros.getAsLong())));
        } else if (rows.isPresent()) {
            forgetBefore(back(at(exactFrom), rows.getAsLong()));
        }
    }

    private void forgetBefore(Place place) {
        while (first < place.tile()) {
            tiles[first++] = null;
            skipped = 0;
        }
        skipped = Math.max(skipped, place.offset());
    }

    /** The place before the first event at {@code time} or later. */
    private Place at(long time) {
        int low = first;
        int high = end - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (tile(middle).lastTime() >= time) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return new Place(low, Math.max(start(low), tile(low).firstAt(time)));
    }

    /** The place after the last event at {@code time} or earlier. */
    private Place after(long time) {
        return time == Long.MAX_VALUE ? new Place(end - 1, tile(end - 1).size()) : at(time + 1);
    }

    private int start(int number) {
        return number == first ? skipped : 0;
    }

    /** The place so many events earlier, or the first one there is. */
    private Place back(Place place, long events) {
        int before = place.offset() - start(place.tile());
        if (events <= before || place.tile() == first) {
            return new Place(place.tile(), place.offset() - (int) Math.min(events, before));
        }
        int whole = index().back(skipped == 0 ? first : first + 1, place.tile(), events - before);
        if (whole == first) {
            return new Place(first, 0);
        }
        long left = events - before - index().eventsOf(whole, place.tile());
        int held = tile(whole - 1).size();
        return new Place(whole - 1, held - (int) Math.min(left, held - start(whole - 1)));
    }

    synchronized void summarise(List<Span> spans, List<WindowSummary> into) {
        for (int i = 0; i < spans.size() && first < end; i++) {
            switch (spans.get(i)) {
                case Span.OfTime(long from, long to) -> add(at(from), after(to), into.get(i));
                case Span.OfRows(long to, long skip, long count) -> {
                    Place last = back(after(to), skip);
                    add(back(last, count), last, into.get(i));
                }
            }
        }
    }

    private void add(Place from, Place to, WindowSummary summary) {
        if (from.tile() == to.tile()) {
            summary.add(tile(to.tile()), from.offset(), to.offset());
        } else if (from.tile() < to.tile()) {
            int whole = from.tile();
            if (from.offset() > 0) {
                summary.add(tile(whole), from.offset(), tile(whole).size());
                whole++;
            }
            index().addTo(summary, whole, to.tile());
            summary.add(tile(to.tile()), 0, to.offset());
        }
    }

    /** Closes the series if its newest event is older; nothing can be added to it then. */
    synchronized boolean closeIfBefore(long time) {
        closed |= first == end || tile(end - 1).lastTime() < time;
        return closed;
    }
}
