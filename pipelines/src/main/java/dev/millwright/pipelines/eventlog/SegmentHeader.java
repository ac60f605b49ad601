package dev.millwright.pipelines.eventlog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millwright.core.Column;
import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.PipelineError;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a segment begins: eight letters, the format's version, the length and CRC-32C of what follows, and that as JSON.
 *
 * @param first the number of the segment's first event
 * @param columns what its events may have
 */
record SegmentHeader(long first, List<Column> columns) {
    /** A file that is shorter may be one that was being begun. */
    static final int LONGEST_TORN = 4096;

    private static final byte[] LETTERS = "MWEVENTS".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int FIXED = LETTERS.length + 3 * Integer.BYTES;
    private static final ObjectMapper JSON = new ObjectMapper();

    SegmentHeader {
        columns = List.copyOf(columns);
    }

    ByteBuffer encode() {
        try {
            byte[] json = JSON.writeValueAsBytes(this);
            return ByteBuffer.allocate(FIXED + json.length)
                    .put(LETTERS)
                    .putInt(VERSION)
                    .putInt(json.length)
                    .putInt(EventFrame.checksum(ByteBuffer.wrap(json)))
                    .put(json)
                    .flip();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a header is plain records", e);
        }
    }

    /**
     * Reads a header and leaves {@code bytes} behind it; empty when it is damaged.
     *
     * @throws MillwrightException when a later version of Millwright wrote it
     */
    static Optional<SegmentHeader> decode(Path file, ByteBuffer bytes) {
        if (bytes.remaining() < FIXED || !ByteBuffer.wrap(LETTERS).equals(bytes.slice(0, LETTERS.length))) {
            return Optional.empty();
        }
        bytes.position(LETTERS.length);
        int version = bytes.getInt();
        if (version != VERSION) {
            throw new MillwrightException(
                    PipelineError.HOME_FAILED,
                    file + ": version " + version + " of the format (expected: " + VERSION
                            + "). A later Millwright wrote it; start that one, or move the file away to go on without its events.");
        }
        int length = bytes.getInt();
        int checksum = bytes.getInt();
        if (length < 0
                || length > bytes.remaining()
                || EventFrame.checksum(bytes.slice(bytes.position(), length)) != checksum) {
            return Optional.empty();
        }
        byte[] json = new byte[length];
        bytes.get(json);
        try {
            return Optional.of(JSON.readValue(json, SegmentHeader.class));
        } catch (java.io.IOException e) {
            throw new MillwrightException(
                    PipelineError.HOME_FAILED,
                    file + ": its header is sound, but says nothing that is understood: " + e.getMessage()
                            + ". Move the file away to go on without its events.",
                    e);
        }
    }
}
