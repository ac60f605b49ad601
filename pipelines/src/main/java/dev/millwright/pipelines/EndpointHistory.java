package dev.millwright.pipelines;

import dev.millwright.registry.RolloutStatus;
import dev.millwright.registry.RouteChange;
import dev.millwright.registry.TimelineEntry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Which versions served an endpoint alone, from its timeline, oldest first. */
record EndpointHistory(List<TimelineEntry> timeline) {
    EndpointHistory {
        timeline = List.copyOf(timeline);
    }

    /** The version that did so last. */
    Optional<Integer> lastAlone() {
        return timeline.stream()
                .filter(entry -> entry.status() == RolloutStatus.STEADY)
                .map(entry -> entry.versions().getFirst().version())
                .reduce((earlier, later) -> later);
    }

    /**
     * The version that served before the one that serves now was promoted. A version that was rolled back is no longer
     * before anything: going back twice goes back two versions, and not forth again.
     */
    Optional<Integer> previous() {
        Deque<Integer> promoted = new ArrayDeque<>();
        for (TimelineEntry entry : timeline) {
            if (entry.status() != RolloutStatus.STEADY) {
                continue;
            }
            int version = entry.versions().getFirst().version();
            if (entry.change().equals(RouteChange.ROLLED_BACK.eventType())) {
                while (!promoted.isEmpty() && promoted.getLast() != version) {
                    promoted.removeLast();
                }
            }
            if (promoted.isEmpty() || promoted.getLast() != version) {
                promoted.addLast(version);
            }
        }
        promoted.pollLast();
        return Optional.ofNullable(promoted.pollLast());
    }
}
