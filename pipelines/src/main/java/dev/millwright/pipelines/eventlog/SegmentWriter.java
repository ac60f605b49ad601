package dev.millwright.pipelines.eventlog;

import dev.millwright.core.Column;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** The file that a log writes. Frames are in it whole or not at all, as long as the process lives. Not thread-safe. */
final class SegmentWriter implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final List<Column> columns;
    private final Instant begun;
    private final long first;
    private final long start;
    private long end;
    private Extent held = Extent.NONE;
    private boolean dirty;
    private boolean broken;

    private SegmentWriter(Path file, FileChannel channel, SegmentHeader header, long start, Instant begun) {
        this.file = file;
        this.channel = channel;
        this.columns = header.columns();
        this.first = header.first();
        this.begun = begun;
        this.start = start;
        this.end = start;
    }

    static SegmentWriter begin(SegmentFiles files, Path file, SegmentHeader header, Instant now) throws IOException {
        FileChannel channel = files.create(file);
        try {
            ByteBuffer bytes = header.encode();
            int length = bytes.remaining();
            write(channel, bytes, 0);
            syncFolder(file);
            return new SegmentWriter(file, channel, header, length, now);
        } catch (IOException failed) {
            try (channel) {
                Files.deleteIfExists(file);
            } catch (IOException unclosed) {
                failed.addSuppressed(unclosed);
            }
            throw failed;
        }
    }

    /** So that a power cut doesn't take the file's name. */
    private static void syncFolder(Path file) throws IOException {
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
            folder.force(true);
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /** Whether frames with these columns may be added. */
    boolean takes(List<Column> wanted, EventLogOptions options, Instant now) {
        return !broken
                && wanted.equals(columns)
                && end < options.segmentBytes()
                && now.isBefore(begun.plus(options.segmentAge()));
    }

    /** Adds frames, or leaves the file as it is. */
    void write(WaitingFrames frames) throws IOException {
        ByteBuffer bytes = frames.bytes();
        int length = bytes.remaining();
        try {
            write(channel, bytes, end);
        } catch (IOException failed) {
            shorten(failed);
            throw failed;
        }
        end += length;
        held = held.plus(frames.held());
        dirty = true;
    }

    /** Takes back a part of a frame; a file in which that can't be done is not written again. */
    private void shorten(IOException because) {
        try {
            channel.truncate(end);
        } catch (IOException unshortened) {
            broken = true;
            because.addSuppressed(unshortened);
        }
    }

    /** Brings to the disk what isn't there yet. */
    void sync() throws IOException {
        if (dirty) {
            channel.force(false);
            dirty = false;
        }
    }

    /** The file as it stands. */
    Segment segment() {
        return new Segment(file, columns, start, end, first, held);
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            sync();
        }
    }
}
