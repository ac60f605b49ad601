package dev.millwright.serving.rollout;

import dev.millwright.serving.routing.Assignment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who answers.
 *
 * @param weights by version; the first has the lowest part of the range in which clients are placed
 * @param shadow a version that gets copies of what others answer
 * @param assignment beside the weights
 */
public record Split(Map<Integer, Double> weights, Optional<Integer> shadow, Assignment assignment) {
    public Split {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    /** Two versions, the candidate with that share. */
    static Split of(RolloutState state, double share) {
        Map<Integer, Double> weights = new LinkedHashMap<>();
        weights.put(state.candidate(), share);
        weights.put(state.champion(), 1 - share);
        return new Split(weights, Optional.empty(), Assignment.DEFAULT);
    }

    Split with(Assignment other) {
        return new Split(weights, shadow, other);
    }
}
