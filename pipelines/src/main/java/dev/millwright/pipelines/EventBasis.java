package dev.millwright.pipelines;

import dev.millwright.pipelines.eventlog.IdTable;
import dev.millwright.registry.RecordedDataset;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The dataset version that a door's windows begin with, and what it already holds of the events that an endpoint logged: with ids those
 * that it has, else those up to its newest row that were taken before it was read. Filled by one thread, then read by many.
 */
final class EventBasis {
    private final RecordedDataset dataset;
    private final boolean byId;
    private final long recordedMicros;
    private final long believedMicros;
    private final IdTable ids = new IdTable();
    private long newestMicros = Long.MIN_VALUE;

    /**
     * @param byId whether rows and events have ids
     * @param lateness a row whose time is further ahead of the version's own doesn't say how far the version reaches
     */
    EventBasis(RecordedDataset dataset, boolean byId, Duration lateness) {
        this.dataset = dataset;
        this.byId = byId;
        this.recordedMicros = TimeUnit.MILLISECONDS.toMicros(dataset.recorded().toEpochMilli());
        this.believedMicros = recordedMicros + TimeUnit.MILLISECONDS.toMicros(lateness.toMillis());
    }

    RecordedDataset dataset() {
        return dataset;
    }

    /** A row of the version has this time. */
    void add(long timeMicros) {
        if (timeMicros <= believedMicros) {
            newestMicros = Math.max(newestMicros, timeMicros);
        }
    }

    /** A row of the version has the id of an event that was logged. */
    void add(String id) {
        ids.add(id, 0);
    }

    /** Whether a logged event is among the version's rows. */
    boolean holds(long arrivedMicros, long timeMicros, @Nullable String id) {
        return byId ? id != null && ids.contains(id) : arrivedMicros < recordedMicros && timeMicros <= newestMicros;
    }
}
