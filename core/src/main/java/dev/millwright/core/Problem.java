package dev.millwright.core;

import java.util.Optional;

/**
 * One mistake in something a user wrote.
 *
 * @param where the place, when it is known
 * @param key of what was looked at, such as {@code types.age}, when one is to blame: whoever knows where it stands can say so
 * @param message {@code name: value (expected: …)}, then the next move
 */
public record Problem(Optional<Position> where, Optional<String> key, String message) {

    /** A place in a file; line and column count from 1. */
    public record Position(String file, int line, int column) {
        @Override
        public String toString() {
            return file + ":" + line + ":" + column;
        }
    }

    public static Problem of(String message) {
        return new Problem(Optional.empty(), Optional.empty(), message);
    }

    public static Problem at(Position where, String message) {
        return new Problem(Optional.of(where), Optional.empty(), message);
    }

    /** A mistake in what {@code key} says. */
    public static Problem about(String key, String message) {
        return new Problem(Optional.empty(), Optional.of(key), message);
    }

    /** {@code file:line:column: message}, the form that editors and terminals make clickable. */
    @Override
    public String toString() {
        return where.map(position -> position + ": ").orElse("") + message;
    }
}
