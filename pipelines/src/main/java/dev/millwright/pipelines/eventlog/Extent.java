package dev.millwright.pipelines.eventlog;

import java.nio.ByteBuffer;

/**
 * What some frames hold.
 *
 * @param count how many events
 * @param ids how many of them have an id
 * @param newestMicros their latest time
 * @param firstArrivedMicros when the first of them was taken
 * @param lastArrivedMicros when the last of them was taken
 */
record Extent(long count, long ids, long newestMicros, long firstArrivedMicros, long lastArrivedMicros) {
    static final Extent NONE = new Extent(0, 0, Long.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE);

    /** That of one frame. */
    static Extent of(ByteBuffer payload) {
        long arrived = EventFrame.arrived(payload);
        return new Extent(
                EventFrame.count(payload), EventFrame.ids(payload), EventFrame.newest(payload), arrived, arrived);
    }

    Extent plus(Extent other) {
        return new Extent(
                count + other.count,
                ids + other.ids,
                Math.max(newestMicros, other.newestMicros),
                Math.min(firstArrivedMicros, other.firstArrivedMicros),
                Math.max(lastArrivedMicros, other.lastArrivedMicros));
    }
}
