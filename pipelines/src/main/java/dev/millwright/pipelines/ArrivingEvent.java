package dev.millwright.pipelines;

import dev.millwright.plan.OnlineState.Arrival;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event of a request.
 *
 * @param values column to value: Boolean, Long, Double, String, Instant or null
 * @param id by which its sender tells it from others
 * @param arrival whether one with this id was taken before
 */
record ArrivingEvent(Map<String, @Nullable Object> values, Optional<String> id, Arrival arrival) {}
