package dev.millwright.web.page;

import java.util.Locale;
import java.util.Optional;

/**
 * By what a list of runs is sorted.
 *
 * @param name as filters write it, such as {@code metrics.auc}
 */
public record RunOrder(String name, Direction direction) {
    public static final RunOrder NEWEST_FIRST = new RunOrder("attributes.start_time", Direction.DESCENDING);

    /** Which end comes first. */
    public enum Direction {
        ASCENDING("asc"),
        DESCENDING("desc");

        private final String word;

        Direction(String word) {
            this.word = word;
        }

        /** As screen readers are told. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        Direction other() {
            return this == ASCENDING ? DESCENDING : ASCENDING;
        }
    }

    /** Reads {@code metrics.auc desc}; empty when there is nothing to read. */
    public static Optional<RunOrder> parse(String text) {
        String stripped = text.strip();
        for (Direction direction : Direction.values()) {
            int end = stripped.length() - direction.word.length() - 1;
            if (end > 0 && stripped.toLowerCase(Locale.ROOT).endsWith(" " + direction.word)) {
                return Optional.of(new RunOrder(stripped.substring(0, end).strip(), direction));
            }
        }
        return stripped.isEmpty() ? Optional.empty() : Optional.of(new RunOrder(stripped, Direction.ASCENDING));
    }

    /** As addresses and searches write it. */
    public String text() {
        return name + " " + direction.word;
    }

    RunOrder reversed() {
        return new RunOrder(name, direction.other());
    }
}
