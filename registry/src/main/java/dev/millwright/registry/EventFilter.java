package dev.millwright.registry;

import java.util.Optional;

/**
 * Which entries of the event record to list.
 *
 * @param after only entries with a higher sequence (oldest first) or, when newest first, a lower one; 0 for all
 * @param type exact ({@code run.started}), or a prefix when it ends in a dot ({@code endpoint.}); empty for all
 * @param subject exact; empty for all
 */
public record EventFilter(long after, Optional<String> type, Optional<String> subject, int limit, Order order) {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 10_000;

    /** In which direction to read. */
    public enum Order {
        OLDEST_FIRST,
        NEWEST_FIRST
    }

    public EventFilter {
        if (after < 0) {
            throw new IllegalArgumentException("after: " + after + " (expected: 0 or more)");
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to " + MAX_LIMIT + ")");
        }
    }

    /** The newest entries first. */
    public static EventFilter newest() {
        return new EventFilter(0, Optional.empty(), Optional.empty(), DEFAULT_LIMIT, Order.NEWEST_FIRST);
    }

    /** Entries after {@code sequence}, oldest first. */
    public static EventFilter since(long sequence) {
        return new EventFilter(sequence, Optional.empty(), Optional.empty(), DEFAULT_LIMIT, Order.OLDEST_FIRST);
    }

    public EventFilter type(String exactOrPrefix) {
        return new EventFilter(after, Optional.of(exactOrPrefix), subject, limit, order);
    }

    public EventFilter subject(String exact) {
        return new EventFilter(after, type, Optional.of(exact), limit, order);
    }

    public EventFilter limit(int entries) {
        return new EventFilter(after, type, subject, entries, order);
    }
}
