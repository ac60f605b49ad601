package dev.millwright.pipelines.eventlog;

import dev.millwright.core.Column;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The events of one request as bytes, big-endian: a mark, the payload's length and CRC-32C, then the payload. That is the arrival
 * (microseconds), the latest time of the events, how many they and their ids are, and of each its time, its id, two bits a column that say whether it
 * is absent, NULL or a value, and the values. Text is its length in bytes and UTF-8.
 */
final class EventFrame {
    static final int MARK = 0x4D57_4556;
    static final int HEADER = 12;
    /** What a payload has at least: arrival, latest time, and how many events and ids there are. */
    static final int LEAST = 24;

    private static final int ABSENT = 0;
    private static final int NULL = 1;
    private static final int VALUE = 2;
    /** How many fit a byte. */
    private static final int STATES = 4;

    private static final byte[] NO_BYTES = {};

    private EventFrame() {}

    static ByteBuffer encode(List<Column> columns, Instant arrived, List<LoggedEvent> events) {
        Output out = new Output(HEADER + LEAST + events.size() * (16 + columns.size() * 8));
        out.putInt(MARK);
        out.putLong(0); // length and checksum, once they are known
        out.putLong(micros(arrived));
        out.putLong(newest(events));
        out.putInt(events.size());
        out.putInt((int) events.stream().filter(event -> event.id().isPresent()).count());
        for (LoggedEvent event : events) {
            out.putLong(event.timeMicros());
            out.putText(event.id().orElse(null));
            encode(columns, event, out);
        }
        ByteBuffer frame = out.finished();
        int length = frame.limit() - HEADER;
        return frame.putInt(Integer.BYTES, length).putInt(2 * Integer.BYTES, checksum(frame.slice(HEADER, length)));
    }

    private static void encode(List<Column> columns, LoggedEvent event, Output out) {
        int states = 0;
        for (int i = 0; i < columns.size(); i++) {
            String name = columns.get(i).name();
            int state =
                    event.values().get(name) != null ? VALUE : event.values().containsKey(name) ? NULL : ABSENT;
            states |= state << (i % STATES * 2);
            if (i % STATES == STATES - 1 || i == columns.size() - 1) {
                out.put(states);
                states = 0;
            }
        }
        for (Column column : columns) {
            Object value = event.values().get(column.name());
            if (value != null) {
                encode(column, value, out);
            }
        }
    }

    private static void encode(Column column, Object value, Output out) {
        switch (column.type()) {
            case BOOLEAN -> out.put((Boolean) value ? 1 : 0);
            case BIGINT -> out.putLong(((Number) value).longValue());
            case DOUBLE -> out.putLong(Double.doubleToRawLongBits(((Number) value).doubleValue()));
            case VARCHAR -> out.putText(value.toString());
            case TIMESTAMP -> out.putLong(value instanceof Instant instant ? micros(instant) : (Long) value);
        }
    }

    static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }

    static int checksum(ByteBuffer payload) {
        CRC32C sum = new CRC32C();
        sum.update(payload);
        return (int) sum.getValue();
    }

    static long newest(List<LoggedEvent> events) {
        return events.stream().mapToLong(LoggedEvent::timeMicros).max().orElse(Long.MIN_VALUE);
    }

    static long arrived(ByteBuffer payload) {
        return payload.getLong(payload.position());
    }

    static long newest(ByteBuffer payload) {
        return payload.getLong(payload.position() + Long.BYTES);
    }

    static int count(ByteBuffer payload) {
        return payload.getInt(payload.position() + 2 * Long.BYTES);
    }

    static int ids(ByteBuffer payload) {
        return payload.getInt(payload.position() + 2 * Long.BYTES + Integer.BYTES);
    }

    /**
     * Shows the events of a sound payload.
     *
     * @param first the number of the first one
     * @param values as many as there are columns
     */
    static void decode(
            ByteBuffer payload, List<Column> columns, long first, @Nullable Object[] values, EventVisitor visitor) {
        long arrived = arrived(payload);
        int count = count(payload);
        payload.position(payload.position() + LEAST);
        byte[] states = new byte[(columns.size() + STATES - 1) / STATES];
        for (int i = 0; i < count; i++) {
            long time = payload.getLong();
            String id = text(payload);
            payload.get(states);
            for (int column = 0; column < values.length; column++) {
                values[column] = switch (states[column / STATES] >> (column % STATES * 2) & 3) {
                    case ABSENT -> EventVisitor.ABSENT;
                    case VALUE -> value(columns.get(column), payload);
                    default -> null;
                };
            }
            visitor.event(first + i, arrived, time, id, values);
        }
    }

    private static @Nullable Object value(Column column, ByteBuffer payload) {
        return switch (column.type()) {
            case BOOLEAN -> payload.get() != 0;
            case BIGINT, TIMESTAMP -> (Object) payload.getLong();
            case DOUBLE -> (Object) Double.longBitsToDouble(payload.getLong());
            case VARCHAR -> text(payload);
        };
    }

    private static @Nullable String text(ByteBuffer payload) {
        int length = payload.getInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        payload.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Bytes that grow. */
    private static final class Output {
        private ByteBuffer bytes;

        Output(int size) {
            this.bytes = ByteBuffer.allocate(size);
        }

        private ByteBuffer room(int more) {
            if (bytes.remaining() < more) {
                ByteBuffer larger =
                        ByteBuffer.allocate(Math.addExact(bytes.position(), Math.max(more, bytes.position())));
                bytes = larger.put(bytes.flip());
            }
            return bytes;
        }

        void put(int value) {
            room(Byte.BYTES).put((byte) value);
        }

        void putInt(int value) {
            room(Integer.BYTES).putInt(value);
        }

        void putLong(long value) {
            room(Long.BYTES).putLong(value);
        }

        void putText(@Nullable String text) {
            byte[] utf8 = text == null ? NO_BYTES : text.getBytes(StandardCharsets.UTF_8);
            room(Integer.BYTES + utf8.length)
                    .putInt(text == null ? -1 : utf8.length)
                    .put(utf8);
        }

        ByteBuffer finished() {
            return bytes.flip();
        }
    }
}
