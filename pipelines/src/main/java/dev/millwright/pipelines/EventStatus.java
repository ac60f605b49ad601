package dev.millwright.pipelines;

import dev.millwright.pipelines.eventlog.EventLog;

/**
 * How an endpoint's events stand.
 *
 * @param keys how many keys have events in windows, over all windows
 */
public record EventStatus(String endpoint, Counts counts, EventLog.Status log, long keys) {
    /**
     * Since the start.
     *
     * @param inTime neither late nor ahead
     * @param late further behind the newest event than the lateness: in the windows, but they may not have known all before it
     * @param ahead of the clock, by more than the lateness
     * @param again sent before, under the same id: answered, not counted
     * @param unlogged requests that were answered while the log could not be written
     */
    public record Counts(long inTime, long late, long ahead, long again, long unlogged) {}
}
