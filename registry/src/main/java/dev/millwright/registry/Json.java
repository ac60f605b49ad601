package dev.millwright.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.util.Map;

/** JSON as the database holds it. */
final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JacksonException impossible) {
            throw new IllegalStateException("value: cannot be written as JSON", impossible);
        }
    }

    static Map<String, String> map(String json) {
        return read(json, new TypeReference<>() {});
    }

    static <T> T read(String json, TypeReference<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JacksonException damaged) {
            throw new MillwrightException(
                    RegistryError.STATE_CORRUPT,
                    "stored JSON: " + damaged.getOriginalMessage() + " (expected: "
                            + type.getType().getTypeName() + "). Restore the home from a backup.",
                    damaged);
        }
    }

    /** Refuses what is not one JSON document. */
    static String require(String name, String json) {
        try {
            if (MAPPER.readTree(json).isMissingNode()) {
                throw new InvalidInputException(name + ": empty (expected: a JSON document)");
            }
            return json;
        } catch (JacksonException malformed) {
            throw new InvalidInputException(
                    name + ": " + malformed.getOriginalMessage() + " (expected: a JSON document)");
        }
    }
}
