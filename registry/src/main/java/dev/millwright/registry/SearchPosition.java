package dev.millwright.registry;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where a page of a search begins; opaque to those who ask for the next page. */
sealed interface SearchPosition {
    /** After so many rows, all of which are found again. */
    record Offset(long rows) implements SearchPosition {}

    /**
     * After a row, without finding those before it again.
     *
     * @param segment which of the parts of the order the row was in
     * @param value what it is ordered by, as a text
     * @param started microseconds
     */
    record After(int segment, String value, long started, String runId) implements SearchPosition {}

    static SearchPosition read(Optional<String> token) {
        String text = token.orElse("");
        if (text.isEmpty()) {
            return new Offset(0);
        }
        try {
            Map<String, String> fields =
                    Json.map(new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8));
            return fields.containsKey("offset")
                    ? new Offset(natural(fields, "offset"))
                    : new After(
                            (int) Math.min(natural(fields, "segment"), Integer.MAX_VALUE),
                            field(fields, "value"),
                            Long.parseLong(field(fields, "started")),
                            field(fields, "run"));
        } catch (IllegalArgumentException | MillwrightException malformed) {
            throw new InvalidInputException(
                    "Invalid page token: " + text + " (expected: the one that the page before gave)");
        }
    }

    private static long natural(Map<String, String> fields, String name) {
        long number = Long.parseLong(field(fields, name));
        if (number < 0) {
            throw new IllegalArgumentException(name + ": " + number);
        }
        return number;
    }

    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + ": missing");
        }
        return value;
    }

    default String token() {
        Map<String, Object> fields = new TreeMap<>();
        switch (this) {
            case Offset(long rows) -> fields.put("offset", rows);
            case After(int segment, String value, long started, String runId) -> {
                fields.put("segment", segment);
                fields.put("value", value);
                fields.put("started", started);
                fields.put("run", runId);
            }
        }
        return Base64.getEncoder().encodeToString(Json.text(fields).getBytes(StandardCharsets.UTF_8));
    }
}
