package dev.millwright.data;

import dev.millwright.core.Schema;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;

/**
 * What expectations on a dataset may name.
 *
 * @param schema of the dataset
 * @param zone of calendar functions and of times without one
 * @param tables that it may refer to, itself among them
 */
public record ExpectationScope(Schema schema, ZoneId zone, Map<String, Schema> tables) {
    public ExpectationScope {
        tables = Map.copyOf(tables);
    }

    /** The columns of a table that is there. */
    Schema table(String name) {
        return Optional.ofNullable(tables.get(name)).orElseThrow();
    }
}
