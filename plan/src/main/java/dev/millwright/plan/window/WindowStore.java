package dev.millwright.plan.window;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the events that a view's windows look back on, by window and partition key. Events may come late, and are then put
 * where their time belongs, after those of the same time.
 *
 * <p>Implementations are thread-safe, and no one waits for what happens to another key. What a span holds is exact as long as it
 * ends no further back from the newest event than the lateness that the store was made for.
 */
public interface WindowStore {
    /**
     * Adds an event.
     *
     * @param window the name of one of the shapes that the store was made for
     * @param key the values of the partition: Boolean, Long, Double, String or null
     * @param values one of each of the shape's columns, of its type, with Long microseconds for timestamps
     */
    void append(String window, List<@Nullable Object> key, long timestampMicros, @Nullable Object[] values);

    /**
     * What the events of a key in each of several spans come to, all as they are at one moment.
     *
     * @return in the order of the spans; the caller may go on adding to them
     */
    List<WindowSummary> summarise(String window, List<@Nullable Object> key, List<Span> spans);
}
