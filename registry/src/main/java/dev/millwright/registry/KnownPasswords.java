package dev.millwright.registry;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.LinkedHashSet;

/**
 * Passwords that were right a while ago, so that a client that sends its password with every request does not cost an Argon2 each
 * time. What is held is a hash of password and stored hash with a key that nobody else has and that ends with the process: it can
 * be used for nothing else, and a changed password is unknown at once. Thread-safe.
 */
final class KnownPasswords {
    private static final int REMEMBERED = 1_000;

    private final byte[] key = new byte[32];
    private final LinkedHashSet<ByteBuffer> known = new LinkedHashSet<>();

    KnownPasswords() {
        new SecureRandom().nextBytes(key);
    }

    /** Whether this password was right for this stored hash, as far as is remembered. */
    synchronized boolean contain(String password, String stored) {
        return known.contains(digest(password, stored));
    }

    synchronized void add(String password, String stored) {
        known.add(digest(password, stored));
        if (known.size() > REMEMBERED) {
            known.removeFirst();
        }
    }

    private ByteBuffer digest(String password, String stored) {
        MessageDigest digest = Hashes.sha256();
        digest.update(key);
        digest.update(stored.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(password.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.wrap(digest.digest());
    }
}
