package dev.millwright.pipelines.eventlog;

import dev.millwright.core.Column;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Frames with the same columns that are still to be written, one after the other. Not thread-safe. */
final class WaitingFrames {
    private static final int LONGEST_WRITE = 16 << 20;

    private final List<Column> columns;
    private final List<ByteBuffer> frames = new ArrayList<>();
    private int length;
    private Extent held = Extent.NONE;

    WaitingFrames(List<Column> columns) {
        this.columns = columns;
    }

    void add(ByteBuffer frame) {
        frames.add(frame);
        length += frame.remaining();
        held = held.plus(Extent.of(frame.slice(EventFrame.HEADER, frame.limit() - EventFrame.HEADER)));
    }

    List<Column> columns() {
        return columns;
    }

    int length() {
        return length;
    }

    Extent held() {
        return held;
    }

    /** Whether a frame can come in the same write. */
    boolean takes(List<Column> wanted, int more) {
        return wanted.equals(columns) && length <= LONGEST_WRITE - more;
    }

    WaitingFrames copy() {
        WaitingFrames copy = new WaitingFrames(columns);
        frames.forEach(copy::add);
        return copy;
    }

    /**
     * Shows the events from the number {@code from} on.
     *
     * @param first the number of the first one
     * @return the number after the last one
     */
    long read(long first, long from, EventVisitor visitor) {
        if (from < first + held.count()) {
            Segment.read(frames, columns, first, from, visitor);
        }
        return first + held.count();
    }

    /** All of them in a row. */
    ByteBuffer bytes() {
        if (frames.size() == 1) {
            return frames.getFirst().duplicate();
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        frames.forEach(frame -> all.put(frame.duplicate()));
        return all.flip();
    }
}
