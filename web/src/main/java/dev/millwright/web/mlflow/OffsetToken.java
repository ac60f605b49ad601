package dev.millwright.web.mlflow;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A page token that says how many items came before. */
final class OffsetToken {
    private OffsetToken() {}

    static String write(long offset) {
        return Base64.getEncoder().encodeToString(Long.toString(offset).getBytes(StandardCharsets.US_ASCII));
    }

    static long read(String token) {
        try {
            long offset = Long.parseLong(new String(Base64.getDecoder().decode(token), StandardCharsets.US_ASCII));
            if (offset >= 0) {
                return offset;
            }
        } catch (IllegalArgumentException malformed) {
            throw Refusal.invalid("Invalid page token: " + token + ": " + malformed.getMessage());
        }
        throw Refusal.invalid("Invalid page token: " + token);
    }
}
