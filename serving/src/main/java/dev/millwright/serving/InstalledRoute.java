package dev.millwright.serving;

import dev.millwright.core.MillwrightException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A route with what its versions need to answer. Immutable. */
record InstalledRoute(Route route, List<Lane> lanes, Optional<Lane> shadow) {
    InstalledRoute {
        lanes = List.copyOf(lanes);
    }

    /** Those that answer, then the shadow. */
    List<Lane> all() {
        List<Lane> all = new ArrayList<>(lanes);
        shadow.ifPresent(all::add);
        return all;
    }

    /**
     * The version that a client insists on.
     *
     * @throws MillwrightException {@link ServingError#VERSION_NOT_FOUND}
     */
    Lane requested(String wanted) {
        return all().stream()
                .filter(lane -> lane.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new MillwrightException(
                        ServingError.VERSION_NOT_FOUND,
                        "version: " + wanted + " (expected: one that serves on " + route.endpoint() + ": "
                                + all().stream().map(Lane::name).collect(Collectors.joining(", ")) + ")"));
    }
}
