package dev.millwright.serving.rollout;

import dev.millwright.serving.routing.Assignment;
import dev.millwright.serving.routing.RequestCondition;
import dev.millwright.serving.routing.RoutingRule;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Conditions on headers and inputs decide who answers; the champion answers what meets none. It lasts until somebody decides.
 *
 * @param rules the first that holds counts
 */
public record Conditions(List<Rule> rules) implements Strategy {
    public Conditions {
        rules = List.copyOf(rules);
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("conditions: none (expected: at least one)");
        }
    }

    /**
     * One of them.
     *
     * @param version that answers; empty for the candidate
     */
    public record Rule(RequestCondition when, Optional<Integer> version) {}

    @Override
    public String label() {
        return "conditions";
    }

    @Override
    public List<String> stages() {
        return List.of("by condition");
    }

    @Override
    public List<Integer> others() {
        return rules.stream()
                .flatMap(rule -> rule.version().stream())
                .distinct()
                .toList();
    }

    @Override
    public boolean isComparable() {
        return false;
    }

    @Override
    public Split split(RolloutState state) {
        Map<Integer, Double> weights = new LinkedHashMap<>();
        state.versions().forEach(version -> weights.put(version, version == state.champion() ? 1.0 : 0.0));
        List<RoutingRule> compiled = rules.stream()
                .map(rule -> new RoutingRule(rule.when(), rule.version().orElse(state.candidate())))
                .toList();
        return new Split(weights, Optional.empty(), new Assignment(compiled, stickyBy(), 0, 1));
    }

    @Override
    public Step next(RolloutState state, Evidence evidence, Instant now) {
        return Step.STAY;
    }
}
