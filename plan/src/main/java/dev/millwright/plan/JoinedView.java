package dev.millwright.plan;

import dev.millwright.core.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A view whose latest row for an entity is joined to the rows of another, at their time.
 *
 * @param name what messages call it
 * @param sql one SELECT; its rows may be groups by {@code entity} and {@code timestamp}
 * @param sqlStart as in {@link FeatureQuery}
 * @param entity columns that both views have, by which rows are found
 * @param timestamp the column that says from when on a row counts
 * @param ttl how long a row counts; for ever when empty
 */
public record JoinedView(
        String name,
        String sql,
        Problem.Position sqlStart,
        List<String> entity,
        String timestamp,
        Optional<Duration> ttl) {
    public JoinedView {
        entity = List.copyOf(entity);
        if (entity.isEmpty()) {
            throw new IllegalArgumentException("entity: none (expected: at least one column)");
        }
    }
}
