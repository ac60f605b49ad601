package dev.millwright.serving.protocol;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One string for each short text that comes again and again, such as the names of a model's inputs. A text takes the place of another one with
 * the same slot; nothing is locked, and of two threads that make the same string one has made it for nothing. Thread-safe.
 */
final class KnownTexts {
    private static final int SLOTS = 1 << 12;
    private static final int LONGEST = 32;

    private final @Nullable String[] slots = new String[SLOTS];

    /** The text of bytes {@code from} (inclusive) to {@code to} (exclusive), all of which are ASCII. */
    String of(byte[] bytes, int from, int to) {
        if (to - from > LONGEST) {
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
        String known = slots[slot];
        if (known != null && is(known, bytes, from, to)) {
            return known;
        }
        String made = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        slots[slot] = made;
        return made;
    }

    private static boolean is(String text, byte[] bytes, int from, int to) {
        if (text.length() != to - from) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (text.charAt(i - from) != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
