package dev.millwright.registry;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A name under which versions are registered.
 *
 * @param aliases the version that each points at, by name
 */
public record RegisteredModel(String name, Instant created, Map<String, Integer> aliases) {
    /** The version that serves, or that new ones are measured against. */
    public static final String CHAMPION = "champion";

    /** The version that is on trial. */
    public static final String CHALLENGER = "challenger";

    public RegisteredModel {
        aliases = Collections.unmodifiableMap(new TreeMap<>(aliases));
    }
}
