package dev.millwright.pipelines.jobs;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How a request stands that is answered later.
 *
 * @param attempts how often it was begun
 * @param ended when it was answered, or given up
 * @param status of the answer
 * @param webhook what became of telling whoever wanted to be told; empty when nobody did
 */
public record Job(
        String id,
        String endpoint,
        String user,
        State state,
        int attempts,
        Instant submitted,
        Optional<Instant> ended,
        Optional<Integer> status,
        Optional<String> webhook) {

    /** Where it is on its way. */
    public enum State {
        WAITING,
        RUNNING,
        /** There is an answer. */
        DONE,
        /** There is an answer, which says what is wrong. */
        FAILED;

        /** As programs read it: lower case. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether there is an answer. */
    public boolean hasEnded() {
        return ended.isPresent();
    }
}
