package dev.millwright.registry;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What serves an endpoint, and where it is heading.
 *
 * @param versions live ones add up to 100 percent; none only while the endpoint is {@link RolloutStatus#EMPTY}
 * @param stage of the plan, from 0
 * @param plan a JSON document: the stages and what turns the rollout back
 * @param reason why it is so, as a person reads it
 */
public record Rollout(RolloutStatus status, List<Served> versions, int stage, String plan, String reason) {
    private static final double ROUNDING = 1e-6;

    public Rollout {
        versions = List.copyOf(versions);
        if (stage < 0) {
            throw new IllegalArgumentException("stage: " + stage + " (expected: 0 or more)");
        }
        Json.require("plan", plan);
        Set<Integer> seen = new HashSet<>();
        double live = 0;
        for (Served served : versions) {
            if (!seen.add(served.version())) {
                throw new IllegalArgumentException("version: " + served.version() + " twice (expected: once)");
            }
            live += served.role() == Served.Role.LIVE ? served.percent() : 0;
        }
        double expected = status == RolloutStatus.EMPTY ? 0 : 100;
        if (Math.abs(live - expected) > ROUNDING) {
            throw new IllegalArgumentException(
                    "versions: live ones take " + live + " percent (expected: " + expected + ")");
        }
    }

    /** Nothing that answers. */
    public static Rollout empty(String reason) {
        return new Rollout(RolloutStatus.EMPTY, List.of(), 0, "{}", reason);
    }

    /** One version for all requests. */
    public static Rollout steady(int version, String reason) {
        return new Rollout(RolloutStatus.STEADY, List.of(Served.live(version, 100)), 0, "{}", reason);
    }
}
