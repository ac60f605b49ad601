package dev.millwright.pipelines.eventlog;

import dev.millwright.core.Column;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One file of a log, as it stands.
 *
 * @param start where its frames begin
 * @param end how much of it is written
 * @param first the number of its first event
 * @param held what it has, without damaged frames
 */
record Segment(Path file, List<Column> columns, long start, long end, long first, Extent held) {
    /**
     * Bytes that are no frame.
     *
     * @param last whether no frame comes after them
     */
    record Damage(long at, long bytes, boolean last) {}

    /** A segment and what is wrong with it. */
    record Look(Segment segment, List<Damage> damages) {}

    /** Takes the sound frames of a segment. */
    private interface FrameSink {
        void frame(ByteBuffer payload);

        void damage(Damage damage);
    }

    /** Looks through a file from an earlier process; empty when its header is damaged. */
    static Optional<Look> look(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            ByteBuffer bytes = map(channel, channel.size(), arena);
            return SegmentHeader.decode(file, bytes).map(header -> {
                Counter counter = new Counter();
                int start = bytes.position();
                walk(bytes, start, counter);
                return new Look(
                        new Segment(file, header.columns(), start, bytes.limit(), header.first(), counter.held),
                        List.copyOf(counter.damages));
            });
        }
    }

    private static ByteBuffer map(FileChannel channel, long length, Arena arena) throws IOException {
        return length == 0
                ? ByteBuffer.allocate(0)
                : channel.map(FileChannel.MapMode.READ_ONLY, 0, length, arena).asByteBuffer();
    }

    /** The number after its last event. */
    long next() {
        return first + held.count();
    }

    /** The same without what comes after its last frame, also on disk. */
    Segment shortened(long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
            channel.force(true);
        }
        return new Segment(file, columns, start, length, first, held);
    }

    /** Goes through frames; where bytes are no frame, on to the next that are one. */
    private static void walk(ByteBuffer bytes, int start, FrameSink sink) {
        int at = start;
        while (at < bytes.limit()) {
            int end = endOfFrame(bytes, at);
            if (end < 0) {
                int next = nextFrame(bytes, at + 1);
                sink.damage(new Damage(at, next - at, next == bytes.limit()));
                at = next;
            } else {
                sink.frame(bytes.slice(at + EventFrame.HEADER, end - at - EventFrame.HEADER));
                at = end;
            }
        }
    }

    /** Where a sound frame ends that begins at {@code at}; negative when none does. */
    private static int endOfFrame(ByteBuffer bytes, int at) {
        if (bytes.limit() - at < EventFrame.HEADER + EventFrame.LEAST || bytes.getInt(at) != EventFrame.MARK) {
            return -1;
        }
        int length = bytes.getInt(at + Integer.BYTES);
        int payload = at + EventFrame.HEADER;
        boolean sound = length >= EventFrame.LEAST
                && length <= bytes.limit() - payload
                && EventFrame.checksum(bytes.slice(payload, length)) == bytes.getInt(at + 2 * Integer.BYTES);
        return sound ? payload + length : -1;
    }

    private static int nextFrame(ByteBuffer bytes, int from) {
        for (int at = from; at <= bytes.limit() - EventFrame.HEADER; at++) {
            if (endOfFrame(bytes, at) >= 0) {
                return at;
            }
        }
        return bytes.limit();
    }

    /** Shows the events from the number {@code from} on. */
    void read(long from, EventVisitor visitor) throws IOException {
        if (from >= next()) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            visitor.columns(columns);
            walk(map(channel, end, arena), (int) start, new Reader(first, from, columns, visitor));
        }
    }

    /** The same of frames that aren't in a file. */
    static void read(List<ByteBuffer> frames, List<Column> columns, long first, long from, EventVisitor visitor) {
        visitor.columns(columns);
        Reader reader = new Reader(first, from, columns, visitor);
        frames.forEach(frame -> walk(frame, 0, reader));
    }

    private static final class Reader implements FrameSink {
        private final long from;
        private final List<Column> columns;
        private final EventVisitor visitor;
        private final @Nullable Object[] values;
        private long next;

        Reader(long first, long from, List<Column> columns, EventVisitor visitor) {
            this.next = first;
            this.from = from;
            this.columns = columns;
            this.visitor = visitor;
            this.values = new @Nullable Object[columns.size()];
        }

        @Override
        public void frame(ByteBuffer payload) {
            int count = EventFrame.count(payload);
            if (next >= from) {
                EventFrame.decode(payload, columns, next, values, visitor);
            }
            next += count;
        }

        @Override
        public void damage(Damage damage) {} // was said when the log was opened
    }

    /** What a look finds out. */
    private static final class Counter implements FrameSink {
        private final List<Damage> damages = new ArrayList<>();
        private Extent held = Extent.NONE;

        @Override
        public void frame(ByteBuffer payload) {
            held = held.plus(Extent.of(payload));
        }

        @Override
        public void damage(Damage damage) {
            damages.add(damage);
        }
    }
}
