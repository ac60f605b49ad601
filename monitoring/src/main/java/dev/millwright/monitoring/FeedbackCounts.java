package dev.millwright.monitoring;

/**
 * How feedback stands.
 *
 * @param stored labels in the store
 * @param matched of them, those whose prediction was found
 * @param waiting of them, those whose prediction was not found yet
 * @param expired labels deleted since the store was made, because no prediction was found in time
 */
public record FeedbackCounts(long stored, long matched, long waiting, long expired) {}
