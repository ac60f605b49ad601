package dev.millwright.pipelines.jobs;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a request would have been answered at once.
 *
 * @param status of HTTP
 * @param jsonLength how much of the body is JSON, where binary tensors follow it
 */
public record JobAnswer(int status, String contentType, Optional<String> jsonLength, byte[] body) {
    private static final int FIRST_FAILURE = 300;

    /** That there is none, and why. */
    static JobAnswer failure(int status, String message) {
        return new JobAnswer(
                status,
                "application/json",
                Optional.empty(),
                new JsonMapper()
                        .createObjectNode()
                        .put("error", message)
                        .toString()
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** Whether there is a prediction in it. */
    public boolean succeeded() {
        return status < FIRST_FAILURE;
    }
}
