package dev.millwright.serving;

import dev.millwright.core.Frame;
import dev.millwright.core.MillwrightException;
import dev.millwright.serving.routing.Assignment;
import dev.millwright.serving.routing.RoutingRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A route with what its versions need to answer. Immutable. */
record InstalledRoute(Route route, List<Lane> lanes, Optional<Lane> shadow) {
    InstalledRoute {
        lanes = List.copyOf(lanes);
    }

    /** Those that answer, then the shadow. */
    List<Lane> all() {
        List<Lane> all = new ArrayList<>(lanes);
        shadow.filter(lane -> !lanes.contains(lane)).ifPresent(all::add);
        return all;
    }

    /**
     * The version that answers a request: the one that it insists on, else that of the first rule which holds, else by weight.
     *
     * @throws MillwrightException {@link ServingError#VERSION_NOT_FOUND}
     */
    Lane choose(CallTarget target, Placement placement, Question question) {
        if (target.requestedVersion().isPresent()) {
            return requested(target.requestedVersion().get());
        }
        Assignment assignment = route.assignment();
        Frame looked = assignment.needsRows() ? look(question) : null;
        for (RoutingRule rule : assignment.rules()) {
            if (rule.when().holds(target.headers(), looked)) {
                return serving(rule.version());
            }
        }
        return lanes.get(route.pick(placement.of(target, assignment, looked)));
    }

    /** The rows as the version takes them that most requests end at; one that can't take them says so when it is asked. */
    private @Nullable Frame look(Question question) {
        try {
            return question.look(lanes.getLast());
        } catch (MillwrightException unreadable) {
            return null;
        }
    }

    /** The version that answers most. */
    Lane champion() {
        return serving(route.champion().version());
    }

    private Lane serving(int version) {
        for (Lane lane : lanes) {
            if (lane.version().version() == version) {
                return lane;
            }
        }
        throw new IllegalStateException("version " + version + " is not in its route");
    }

    /**
     * The version that a client insists on.
     *
     * @throws MillwrightException {@link ServingError#VERSION_NOT_FOUND}
     */
    Lane requested(String wanted) {
        return lanes.stream()
                .filter(lane -> lane.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new MillwrightException(
                        ServingError.VERSION_NOT_FOUND,
                        "version: " + wanted + " (expected: one that serves on " + route.endpoint() + ": "
                                + lanes.stream().map(Lane::name).collect(Collectors.joining(", ")) + ")"));
    }
}
