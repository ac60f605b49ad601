package dev.millwright.registry;

import java.util.regex.Pattern;

/**
 * The identity of stored bytes.
 *
 * @param sha256 their SHA-256, 64 lower-case hexadecimal digits
 * @param size in bytes
 */
public record Artifact(String sha256, long size) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public Artifact {
        if (!SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("sha256: " + sha256 + " (expected: 64 lower-case hexadecimal digits)");
        }
        if (size < 0) {
            throw new IllegalArgumentException("size: " + size + " (expected: 0 or more)");
        }
    }
}
