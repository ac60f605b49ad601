package dev.millwright.pipelines.eventlog;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event as it was taken.
 *
 * @param timeMicros the latest time by which a window orders it; {@link Long#MIN_VALUE} when none does
 * @param id by which its sender tells it from others
 * @param values column to value: Boolean, Long, Double, String, Instant or null; a column without a key was not sent
 */
public record LoggedEvent(long timeMicros, Optional<String> id, Map<String, @Nullable Object> values) {}
