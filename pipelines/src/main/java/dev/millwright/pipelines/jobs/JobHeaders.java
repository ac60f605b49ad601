package dev.millwright.pipelines.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Headers as the table of jobs has them: an object of JSON, null for none. */
final class JobHeaders {
    private static final JsonMapper MAPPER = new JsonMapper();

    private JobHeaders() {}

    static @Nullable String write(Map<String, String> headers) {
        try {
            return headers.isEmpty() ? null : MAPPER.writeValueAsString(headers);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("cannot write headers", impossible);
        }
    }

    static Map<String, String> read(@Nullable String json) {
        try {
            return json == null ? Map.of() : MAPPER.readValue(json, new TypeReference<Map<String, String>>() {});
        } catch (JsonProcessingException damaged) {
            throw new IllegalStateException("headers: " + json + " (expected: an object of texts)", damaged);
        }
    }
}
