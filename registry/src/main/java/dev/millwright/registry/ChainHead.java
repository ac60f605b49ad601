package dev.millwright.registry;

import java.util.regex.Pattern;

/**
 * The end of the event record: whoever keeps it elsewhere can later tell whether entries were cut off or rewritten.
 *
 * @param sequence of the last entry, 0 when there is none
 * @param hash of the last entry, hexadecimal; 64 zeros when there is none
 */
public record ChainHead(long sequence, String hash) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /** The head of a record without entries. */
    public static final ChainHead EMPTY = new ChainHead(0, "0".repeat(64));

    public ChainHead {
        if (sequence < 0) {
            throw new IllegalArgumentException("sequence: " + sequence + " (expected: 0 or more)");
        }
        if (!SHA256.matcher(hash).matches()) {
            throw new IllegalArgumentException("hash: " + hash + " (expected: 64 hexadecimal digits)");
        }
    }
}
