package dev.millwright.plan;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What is computed from the MD5 of a text (RFC 1321): stable for ever, and the same in every engine. Not for secrets. */
final class ScalarHash {
    private ScalarHash() {}

    static String md5(String text) {
        return HexFormat.of().formatHex(digest(text));
    }

    /** The digest as a little-endian number modulo {@code buckets}, which fits 31 bits. */
    static long bucket(String text, long buckets) {
        ByteBuffer digest = ByteBuffer.wrap(digest(text)).order(ByteOrder.LITTLE_ENDIAN);
        long low = Long.remainderUnsigned(digest.getLong(), buckets);
        long high = Long.remainderUnsigned(digest.getLong(), buckets);
        long twoTo64 = (Long.remainderUnsigned(-1L, buckets) + 1) % buckets;
        return (high * twoTo64 + low) % buckets;
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("MD5: not in this Java (expected: in every one)", e);
        }
    }
}
