package dev.millwright.registry;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A name under which versions are registered.
 *
 * @param aliases the version that each points at, by name
 * @param updated when it, or one of its versions, last changed
 */
public record RegisteredModel(
        String name,
        Instant created,
        Instant updated,
        String description,
        Map<String, Integer> aliases,
        Map<String, String> tags) {
    /** The version that serves, or that new ones are measured against. */
    public static final String CHAMPION = "champion";

    /** The version that is on trial. */
    public static final String CHALLENGER = "challenger";

    public RegisteredModel {
        aliases = Collections.unmodifiableMap(new TreeMap<>(aliases));
        tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    }
}
