package dev.millwright.registry;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that a monitor noticed.
 *
 * @param kind what was noticed: {@code drift}, {@code quality}, {@code errors}
 * @param about what it was noticed on: a column, a metric, or {@code ""} for the endpoint
 * @param message as a person reads it
 * @param data a JSON document with the numbers
 */
public record Alert(
        long id,
        String endpoint,
        String kind,
        String about,
        String message,
        String data,
        Instant opened,
        Optional<Instant> closed,
        Optional<String> closeReason) {
    public boolean isOpen() {
        return closed.isEmpty();
    }
}
