package dev.millwright.registry;

import dev.millwright.core.Event;
import dev.millwright.core.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How entries of the event record are bound to each other. The hash of an entry is SHA-256 over these bytes, integers
 * big-endian, each text as its length in bytes (int32) and its UTF-8 bytes, so that no two entries share an encoding:
 *
 * <pre>
 *   text   "millwright.event.v1"
 *   int64  sequence
 *   int64  time, microseconds since 1970-01-01T00:00:00Z
 *   text   type
 *   text   subject
 *   int32  number of data entries, then for each, in the order of the keys' UTF-16 code units: text key, text value
 *   text   hash of the entry before, 64 lower-case hexadecimal digits (zeros for the first)
 * </pre>
 */
final class EventChain {
    private static final String DOMAIN = "millwright.event.v1";
    static final String COLUMNS = "sequence, time, type, subject, data, previous_hash, hash";

    private EventChain() {}

    static ChainHead append(Transaction transaction, String type, String subject, Map<String, String> data)
            throws SQLException {
        ChainHead previous = head(transaction);
        SortedMap<String, String> sorted = new TreeMap<>(data);
        long sequence = previous.sequence() + 1;
        String hash = hash(sequence, transaction.now(), type, subject, sorted, previous.hash());
        transaction.update(
                "INSERT INTO events (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?)",
                sequence,
                transaction.now(),
                type,
                subject,
                Json.text(sorted),
                previous.hash(),
                hash);
        return new ChainHead(sequence, hash);
    }

    static ChainHead head(Session session) throws SQLException {
        return session.find(
                        "SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1",
                        row -> new ChainHead(row.getLong(1), row.getString(2)))
                .orElse(ChainHead.EMPTY);
    }

    /** Whether the record has this entry, with this hash. */
    static boolean holds(Session session, ChainHead head) throws SQLException {
        return session.exists("SELECT 1 FROM events WHERE sequence = ? AND hash = ?", head.sequence(), head.hash());
    }

    static Event read(ResultSet row) throws SQLException {
        return new Event(
                row.getLong(1),
                Micros.instant(row.getLong(2)),
                row.getString(3),
                row.getString(4),
                Json.map(row.getString(5)),
                row.getString(6),
                row.getString(7));
    }

    static String hash(
            long sequence,
            Instant time,
            String type,
            String subject,
            SortedMap<String, String> data,
            String previousHash) {
        MessageDigest digest = Hashes.sha256();
        text(digest, DOMAIN);
        digest.update(ByteBuffer.allocate(16)
                .putLong(sequence)
                .putLong(Micros.of(time))
                .flip());
        text(digest, type);
        text(digest, subject);
        digest.update(ByteBuffer.allocate(4).putInt(data.size()).flip());
        data.forEach((key, value) -> {
            text(digest, key);
            text(digest, value);
        });
        text(digest, previousHash);
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void text(MessageDigest digest, String text) {
        ByteBuffer bytes = encode(text);
        digest.update(ByteBuffer.allocate(4).putInt(bytes.remaining()).flip());
        digest.update(bytes);
    }

    private static ByteBuffer encode(String text) {
        try {
            // A lone surrogate would be stored as '?', and the entry would no longer match its hash.
            return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException broken) {
            throw new InvalidInputException("text: " + text + " (expected: well-formed Unicode)");
        }
    }
}
