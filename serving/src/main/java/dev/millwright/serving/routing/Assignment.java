package dev.millwright.serving.routing;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How requests are assigned to the versions of a route, beside the versions' weights.
 *
 * @param rules the first that holds decides; without one the weights do
 * @param stickyBy whose requests get the same version as long as the weights are the same, or only grow for the versions that stand
 *     first
 * @param salt shuffles the clients anew: with another salt, other clients are the first to meet a new version
 * @param mirrored share of the requests that the shadow gets a copy of, from 0 to 1
 */
public record Assignment(List<RoutingRule> rules, StickyKey stickyBy, long salt, double mirrored) {
    /** No conditions, by the client's id, and the shadow sees everything. */
    public static final Assignment DEFAULT = new Assignment(List.of(), StickyKey.CLIENT_ID, 0, 1);

    public Assignment {
        rules = List.copyOf(rules);
        if (!(mirrored >= 0 && mirrored <= 1)) {
            throw new IllegalArgumentException("mirrored: " + mirrored + " (expected: from 0 to 1)");
        }
    }

    /** The headers of a request that are looked at to assign it, in lower case. */
    public Set<String> headers() {
        Set<String> names = new TreeSet<>();
        if (stickyBy instanceof StickyKey.Header(String name)) {
            names.add(name);
        }
        rules.forEach(rule -> names.addAll(rule.when().headers()));
        return names;
    }

    /** Whether the rows of a request must be looked at to assign it. */
    public boolean needsRows() {
        if (stickyBy instanceof StickyKey.Column) {
            return true;
        }
        for (RoutingRule rule : rules) {
            if (rule.when().needsRows()) {
                return true;
            }
        }
        return false;
    }
}
