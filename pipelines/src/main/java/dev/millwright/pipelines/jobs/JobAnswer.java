package dev.millwright.pipelines.jobs;

import java.util.Optional;

/**
 * What a request would have been answered at once.
 *
 * @param status of HTTP
 * @param jsonLength how much of the body is JSON, where binary tensors follow it
 */
public record JobAnswer(int status, String contentType, Optional<String> jsonLength, byte[] body) {
    private static final int FIRST_FAILURE = 300;

    /** Whether there is a prediction in it. */
    public boolean succeeded() {
        return status < FIRST_FAILURE;
    }
}
