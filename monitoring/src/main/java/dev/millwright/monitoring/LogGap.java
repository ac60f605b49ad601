package dev.millwright.monitoring;

import java.time.Instant;

/**
 * A stretch of time for which predictions may be missing, since the process ended without closing the log.
 *
 * @param from the last time that everything was known to be written
 * @param to when the log was opened again
 */
public record LogGap(Instant from, Instant to) {}
