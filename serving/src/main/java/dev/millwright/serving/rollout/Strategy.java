package dev.millwright.serving.rollout;

import dev.millwright.serving.routing.StickyKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a version takes over an endpoint, or shares it: a state machine whose whole state is a {@link RolloutState}, so that it goes on
 * after a restart where it was.
 */
public sealed interface Strategy permits Canary, BlueGreen, Shadow, AbTest, Bandit, Conditions {
    /** As in a pipeline file: {@code blue_green}. */
    String label();

    /** Who answers in that state. */
    Split split(RolloutState state);

    /** What to do next; rules that turn back have been asked before. */
    Step next(RolloutState state, Evidence evidence, Instant now);

    /** Versions that take part beside the champion and the candidate. */
    default List<Integer> others() {
        return List.of();
    }

    /** What the stages are called, in their order; a single one when there is nothing to tell apart. */
    List<String> stages();

    /** How long it may take to change something next, when time decides. */
    default Optional<Duration> stageLasts(RolloutState state) {
        return Optional.empty();
    }

    /** Whose requests stay with one version. */
    default StickyKey stickyBy() {
        return StickyKey.CLIENT_ID;
    }

    /** Whether the requests of versions are alike but for chance, so that their quality can be compared. */
    default boolean isComparable() {
        return true;
    }
}
