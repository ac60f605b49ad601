package dev.millwright.data;

import dev.millwright.core.Schema;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What checks may look at beside the rows that are checked.
 *
 * @param previous the version that these rows will take the place of
 * @param tables that expectations refer to, without the dataset itself
 * @param repairs that the previous version has
 * @param now against which freshness is measured
 */
record Surroundings(Optional<Relation> previous, Map<String, Relation> tables, Optional<Repairs> repairs, Instant now) {
    Surroundings {
        tables = Map.copyOf(tables);
    }

    /** Nothing but the time. */
    static Surroundings at(Instant now) {
        return new Surroundings(Optional.empty(), Map.of(), Optional.empty(), now);
    }

    /** What stands in FROM for a table. */
    String table(String name) {
        return Optional.ofNullable(tables.get(name))
                .orElseThrow(() -> new IllegalArgumentException(
                        "tables: no " + name + " (expected: a version of each that an expectation refers to)"))
                .sql();
    }

    /**
     * A stored version.
     *
     * @param sql what stands in FROM; timestamps are naive, in UTC
     */
    record Relation(Schema schema, String sql) {}
}
