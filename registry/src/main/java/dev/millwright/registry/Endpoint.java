package dev.millwright.registry;

import java.time.Instant;

/**
 * A name with a URL that versions of one model serve.
 *
 * @param revision grows with each change of the route
 * @param since when the route was last changed
 */
public record Endpoint(String name, String model, Instant created, long revision, Instant since, Rollout rollout) {}
