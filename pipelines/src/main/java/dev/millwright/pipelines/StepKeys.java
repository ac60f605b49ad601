package dev.millwright.pipelines;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Names a step's work by the hash of all that its result depends on. */
final class StepKeys {
    private StepKeys() {}

    /**
     * The key of a step.
     *
     * @param step its kind, with the version of its code: raise the number when the same inputs give another result
     * @param inputs records, texts, numbers and collections with a fixed order
     */
    static String of(String step, Object... inputs) {
        try {
            return sha256(StepJson.mapper().writeValueAsString(List.of(step, List.of(inputs))));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("the inputs of " + step + " are always JSON", impossible);
        }
    }

    static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    /** Of all that the stream gives until its end; the caller closes it. */
    static String sha256(InputStream stream) throws IOException {
        MessageDigest digest = digest();
        stream.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
