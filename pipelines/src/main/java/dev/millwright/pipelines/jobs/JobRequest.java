package dev.millwright.pipelines.jobs;

import dev.millwright.core.InvalidInputException;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A request to be answered later.
 *
 * @param user who sent it
 * @param door by which it would have been answered at once
 * @param routing what it said about who shall answer
 * @param contentType as it was sent
 * @param jsonLength how much of the body is JSON, where binary tensors follow it
 * @param body as it was sent
 * @param webhook who is told when it has been answered
 */
public record JobRequest(
        String endpoint,
        String user,
        Door door,
        JobRouting routing,
        Optional<String> contentType,
        Optional<String> jsonLength,
        byte[] body,
        Optional<URI> webhook) {

    /** Where requests of this kind are answered at once. */
    public enum Door {
        /** {@code /v2/models/NAME/infer}. */
        INFER,
        /** {@code /endpoints/NAME/invocations}. */
        INVOCATIONS,
        /** {@code /endpoints/NAME/events}. */
        EVENTS;

        /** The last part of the door's path. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * The door of that name.
         *
         * @throws InvalidInputException when there is none
         */
        public static Door parse(String word) {
            return Arrays.stream(values())
                    .filter(door -> door.word().equals(word))
                    .findFirst()
                    .orElseThrow(() ->
                            new InvalidInputException("as: " + word + " (expected: infer, invocations or events)"));
        }
    }
}
