package dev.millwright.data;

import dev.millwright.core.Schema;
import java.time.Instant;
import java.util.Optional;

/**
 * What checks may look at beside the rows that are checked.
 *
 * @param previous the version that these rows will take the place of
 * @param now against which freshness is measured
 */
record Surroundings(Optional<Relation> previous, Instant now) {

    /**
     * A stored version.
     *
     * @param sql what stands in FROM; timestamps are naive, in UTC
     */
    record Relation(Schema schema, String sql) {}
}
