package dev.millwright.plan;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the events that a view's windows look back on, by window and partition key. Implementations are thread-safe; events
 * may come late, and are then put where their time belongs, after those of the same time.
 */
public interface WindowStore {
    /**
     * Adds an event.
     *
     * @param key the values of the partition, with value equality
     * @param values what the window's functions take, in the window's order; not copied, treat them as read-only
     */
    void append(String window, Object key, long timestampMicros, @Nullable Object[] values);

    /** Visits the events from {@code fromMicros} to {@code toMicros}, both inclusive, in the order of time. */
    void visitRange(String window, Object key, long fromMicros, long toMicros, Consumer<@Nullable Object[]> visitor);

    /**
     * Visits the latest events that aren't after {@code toMicros}, in the order of time.
     *
     * @param skip how many of the very latest to leave out
     * @param count how many to visit at most
     */
    void visitLast(
            String window, Object key, long toMicros, long skip, long count, Consumer<@Nullable Object[]> visitor);
}
