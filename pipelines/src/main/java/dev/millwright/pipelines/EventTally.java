package dev.millwright.pipelines;

import dev.millwright.plan.window.Timeliness;
import java.util.concurrent.atomic.LongAdder;

/** Counts the events of an endpoint since the start. Thread-safe. */
final class EventTally {
    private final LongAdder inTime = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder ahead = new LongAdder();
    private final LongAdder again = new LongAdder();
    private final LongAdder unlogged = new LongAdder();

    /** One came for the first time. */
    void first(Timeliness timeliness) {
        switch (timeliness) {
            case IN_TIME -> inTime.increment();
            case LATE -> late.increment();
            case AHEAD -> ahead.increment();
        }
    }

    /** One came that was taken before. */
    void again() {
        again.increment();
    }

    /** A request's events were answered before they were on disk. */
    void unlogged() {
        unlogged.increment();
    }

    EventStatus.Counts counts() {
        return new EventStatus.Counts(inTime.sum(), late.sum(), ahead.sum(), again.sum(), unlogged.sum());
    }
}
