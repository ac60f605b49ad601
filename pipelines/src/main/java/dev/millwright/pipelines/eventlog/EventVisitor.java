package dev.millwright.pipelines.eventlog;

import dev.millwright.core.Column;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes events as they are read from a log. */
public interface EventVisitor {
    /** Stands where an event has no value at all for a column, not even NULL. */
    Object ABSENT = new Object();

    /** The columns of the events that follow. */
    void columns(List<Column> columns);

    /**
     * An event.
     *
     * @param number counts the events of the log
     * @param arrivedMicros when the server took it
     * @param timeMicros as it was appended
     * @param values of the columns: Boolean, Long, Double, String, Long microseconds, null, or {@link #ABSENT}; the array is used
     *     again for the next event
     */
    void event(long number, long arrivedMicros, long timeMicros, @Nullable String id, @Nullable Object[] values);
}
